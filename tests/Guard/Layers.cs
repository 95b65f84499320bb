using System.Xml.Linq;
using Xiangyun.Testing;

namespace Xiangyun.Guard;

/// <summary>Arrows point down, and it is the build that says so.</summary>
public sealed class Layers
{
    [Fact]
    public void every_project_names_its_layer()
    {
        foreach (var project in Directory.EnumerateFiles(Repository.At("src"), "*.csproj", SearchOption.AllDirectories))
            Assert.True(int.TryParse(XDocument.Load(project).Descendants("Layer").SingleOrDefault()?.Value, out _), $"{project} names no layer");
    }

    [Fact]
    public async Task a_reference_to_the_same_or_a_higher_layer_breaks_the_build()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Check(layer: 4, "Network"));
        Assert.Contains("XY0002", refused.Message);
        Assert.Contains("Probe (layer 4) must not reference Network (layer 4)", refused.Message);
    }

    [Fact]
    public Task a_reference_to_a_lower_layer_is_allowed() => Check(layer: 5, "Network");

    private static async Task Check(int layer, string on)
    {
        var directory = Directory.CreateTempSubdirectory("xylayer-").FullName;
        try
        {
            foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets" })
                await File.WriteAllTextAsync(Path.Combine(directory, name), $"""<Project><Import Project="{Repository.At(name)}" /></Project>""");
            var project = Path.Combine(directory, "Probe.csproj");
            await File.WriteAllTextAsync(project, $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><Layer>{layer}</Layer></PropertyGroup>
                  <ItemGroup><ProjectReference Include="{Repository.At("src", on, on + ".csproj")}" /></ItemGroup>
                </Project>
                """);
            await Child.Run("/usr/bin/env", "dotnet", "msbuild", project, "-t:CheckLayers", "-nologo", "-v:q", "-nodeReuse:false");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
