using Xiangyun.Testing;

// The PostgreSQL of this process ends with it.
[assembly: AssemblyFixture(typeof(Clouds))]
