using Xiangyun.Replay;
using Xiangyun.Replay.Islands;
using Xiangyun.Replay.Ledger;

try
{
    switch (args.FirstOrDefault())
    {
        case "replay": return ReplayRun.Run(Options.Of(args[1..]), Console.Out);
        case "islands": return IslandsRun.Run(IslandsOptions.Of(args[1..]), Console.Out);
        case "ledger": return LedgerRun.Run(args[1..], Console.Out);
        case "bound": return BoundRun.Run(Options.Of([.. args[1..], "--policy", "bound"]), Console.Out);
        case "pack": return PackRun.Run(args[1..], Console.Out);
        case "bench": return BenchRun.Run(args[1..], Console.Out);
        default:
            Console.Error.WriteLine(Options.Usage);
            return args.FirstOrDefault() is null or "help" ? 0 : 2;
    }
}
catch (Exception e) when (e is WrongUse or IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"xiangyun consolidate: {e.Message}");
    return 2;
}
