using Xiangyun.Server;

// Two verbs: `init` makes the local certificate authority, `run` serves.
switch (args)
{
    case ["init", "--state", var state, .. var rest]:
        Pki.Ensure(Path.Combine(Path.GetFullPath(state), "tls"), List(rest, "--names"), TimeProvider.System, List(rest, "--hosts"));
        return 0;
    case ["run", "--config", var file]:
        await CloudServer.Run(ServerConfig.Read(file));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: Xiangyun.Server init --state DIR [--names a,b] [--hosts IP,IP] | run --config FILE");
        return 2;
}

static string[] List(string[] rest, string option) =>
    [.. rest.SkipWhile(w => w != option).Skip(1).Take(1).SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries))];
