using Xiangyun.Verify;

return Checker.Run(args, Console.Out, Console.Error);
