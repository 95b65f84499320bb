using Xiangyun.Replay;

try
{
    switch (args.FirstOrDefault())
    {
        case "replay": return ReplayRun.Run(Options.Of(args[1..]), Console.Out);
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
