using System.Text.Json.Nodes;

namespace Xiangyun.Screen;

/// <summary>Everything that the screen shows at one moment, ready to be sent: made once for all who watch.</summary>
internal sealed record Snapshot(long Number, long At, byte[] Json)
{
    /// <summary>How the use of the hosts went on: one point a minute for a day, counted from what the hosts reported.</summary>
    internal sealed class Curve
    {
        private const int Most = 1440;
        private readonly Queue<(long At, double Value)> _points = new(Most);

        public void Add(long at, double value)
        {
            if (_points.Count > 0 && at - _points.Last().At < 60_000) return;
            if (_points.Count == Most) _points.Dequeue();
            _points.Enqueue((at, value));
        }

        public JsonArray Wire() => [.. _points.Select(p => (JsonNode)new JsonArray(p.At, Math.Round(p.Value, 2)))];
    }
}
