using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xiangyun.Client;

/// <summary>How all our APIs write JSON: snake_case, nulls left out of what we send.</summary>
public static class Shapes
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };
}
