using Xiangyun.Testing;

// The clouds of this process end with it, whichever test asked for them.
[assembly: AssemblyFixture(typeof(Clouds))]
