using System.Text.Json.Nodes;

namespace Xiangyun.Screen;

/// <summary>Everything that the screen shows at one moment, ready to be sent: made once for all who watch.</summary>
internal sealed record Snapshot(long Number, long At, byte[] Json)
{
    /// <summary>How the use of the hosts went on, and how many were in use: one point a minute for a day, sooner when it jumps; counted from what the hosts reported.</summary>
    internal sealed class Curve
    {
        private const int Most = 1440;
        private const double Jump = 1;
        private readonly Queue<(long At, double Value, double Hosts)> _points = new(Most);

        public (long At, double Value, double Hosts)? First => _points.TryPeek(out var first) ? first : null;

        public void Add(long at, double value, double hosts)
        {
            if (_points.Count > 0 && _points.Last() is var last && (at <= last.At || at - last.At < 60_000 && Math.Abs(value - last.Value) < Jump)) return;
            if (_points.Count == Most) _points.Dequeue();
            _points.Enqueue((at, value, hosts));
        }

        public JsonArray Wire() => [.. _points.Select(p => (JsonNode)new JsonArray(p.At, Math.Round(p.Value, 2), p.Hosts))];
    }
}
