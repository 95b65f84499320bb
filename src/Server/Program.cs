using Xiangyun.Server;

// Two verbs: `init` makes the local certificate authority, `run` serves.
switch (args)
{
    case ["init", "--state", var state, .. var rest]:
        Pki.Ensure(Path.Combine(Path.GetFullPath(state), "tls"), rest is ["--names", var names] ? names.Split(',') : [], TimeProvider.System);
        return 0;
    case ["run", "--config", var file]:
        await CloudServer.Run(ServerConfig.Read(file));
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: Xiangyun.Server init --state DIR [--names a,b] | run --config FILE");
        return 2;
}
