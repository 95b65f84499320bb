using System.Globalization;

namespace Xiangyun.Console.Pages.Capacity;

/// <summary>Hundredths of a currency as people read them.</summary>
internal static class Money
{
    public static string Of(long hundredths, string currency) => $"{(hundredths / 100.0).ToString("#,0.##", CultureInfo.InvariantCulture)} {currency}";
}
