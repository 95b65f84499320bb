namespace Xiangyun.Energy.Counting;

/// <summary>
/// The hours of one month: watt-hours, and how much of each was measured. Written as numbers of as many bytes as they need, and the measured part in runs:
/// 1 to 2 KB a month, so 400 days of a host are less than 30 KB.
/// </summary>
internal sealed class Hours
{
    private readonly long?[] _wattHours = new long?[31 * 24];
    private readonly byte[] _measured = new byte[31 * 24];

    /// <summary>0 = the first hour of the month in UTC.</summary>
    /// <returns>null = nothing is known of that hour.</returns>
    public long? this[int hour] => _wattHours[hour];

    /// <summary>Per cent of the hour's energy that was measured; the rest is estimated.</summary>
    public int Measured(int hour) => _measured[hour];

    public void Set(int hour, double wattHours, double measuredPart) => (_wattHours[hour], _measured[hour]) = ((long)Math.Round(wattHours), (byte)Math.Round(100 * Math.Clamp(measuredPart, 0, 1)));

    public string Write()
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        var count = Array.FindLastIndex(_wattHours, w => w is not null) + 1;
        to.Write7BitEncodedInt(count);
        for (var i = 0; i < count; i++) to.Write7BitEncodedInt64(_wattHours[i] is { } known ? known + 1 : 0);
        for (int i = 0, next; i < count; i = next)
        {
            for (next = i + 1; next < count && _measured[next] == _measured[i]; next++) { }
            to.Write7BitEncodedInt(next - i);
            to.Write(_measured[i]);
        }
        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    public static Hours Read(string text)
    {
        var hours = new Hours();
        using var from = new BinaryReader(new MemoryStream(Convert.FromBase64String(text)));
        var count = from.Read7BitEncodedInt();
        for (var i = 0; i < count; i++) hours._wattHours[i] = from.Read7BitEncodedInt64() is > 0 and var known ? known - 1 : null;
        for (var i = 0; i < count;)
        {
            var run = from.Read7BitEncodedInt();
            Array.Fill(hours._measured, from.ReadByte(), i, run);
            i += run;
        }
        return hours;
    }
}
