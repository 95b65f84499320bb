using Xiangyun.Identity.Projects;
using Xiangyun.Kernel;
using static Xiangyun.Identity.Projects.ProjectTree;

namespace Xiangyun.Unit.Identity;

public sealed class ProjectTrees
{
    // a > b > c, and d alone
    private static readonly ProjectTree Tree = new([new Node("a", null, true), new Node("b", "a", true), new Node("c", "b", false), new Node("d", null, true)]);

    [Fact]
    public void relatives_are_found_nearest_first()
    {
        Assert.Equal(["b", "a"], Tree.Above("c").Select(n => n.Id));
        Assert.Equal(["b", "c"], Tree.Below("a").Select(n => n.Id));
        Assert.Empty(Tree.Below("d"));
    }

    [Fact]
    public void ids_are_nested_as_clients_read_them()
    {
        Assert.Equal("""{"b":{"a":{"dom":null}}}""", Tree.IdsAbove("c", "dom").ToJsonString());
        Assert.Equal("""{"b":{"c":null}}""", Tree.IdsBelow("a")!.ToJsonString());
        Assert.Null(Tree.IdsBelow("c"));
    }

    [Fact]
    public void a_project_with_enabled_ones_below_cannot_be_disabled()
    {
        Assert.Equal(ErrorKind.Forbidden, Assert.Throws<CloudError>(() => Tree.MustAllowEnabled("a", false)).Kind);
        Tree.MustAllowEnabled("b", false);
    }

    [Fact]
    public void nothing_is_created_below_a_disabled_project() =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<CloudError>(() => Tree.MustTakeChild("c")).Kind);

    [Fact]
    public void the_tree_has_an_end_so_that_it_can_be_walked()
    {
        var deep = new ProjectTree(Enumerable.Range(1, Deepest).Select(n => new Node($"{n}", n == 1 ? null : $"{n - 1}", true)));
        deep.MustTakeChild("4");
        Assert.Equal(ErrorKind.Forbidden, Assert.Throws<CloudError>(() => deep.MustTakeChild($"{Deepest}")).Kind);
    }

    [Fact]
    public void a_tag_with_a_comma_a_slash_or_a_twin_is_refused()
    {
        Assert.Equal("""["a","b"]""", Tags.Of(["a", "b"]));
        foreach (var wrong in new string[][] { ["a,b"], ["a/b"], [""], ["a", "a"], [new string('x', 256)], [.. Enumerable.Range(0, Tags.Most + 1).Select(n => $"{n}")] })
            Assert.Equal(ErrorKind.Invalid, Assert.Throws<CloudError>(() => Tags.Of(wrong)).Kind);
    }
}
