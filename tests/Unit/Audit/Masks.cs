using System.Text.Json.Nodes;
using Xiangyun.Store.Audit;

namespace Xiangyun.Unit.Audit;

/// <summary>Secrets stay out of the audit log, whatever they hide in.</summary>
public sealed class Masks
{
    [Theory]
    [InlineData("password")]
    [InlineData("adminPass")]
    [InlineData("admin_pass")]
    [InlineData("password_hash")]
    [InlineData("X-Auth-Token")]
    [InlineData("db-root-PASSWORD")]
    [InlineData("private_key")]
    [InlineData("user_data")]
    [InlineData("secret_hash")]
    [InlineData("sealed_blob")]
    [InlineData("salt")]
    [InlineData("key_hash")]
    public void names_of_secrets(string name) => Assert.True(Secrets.Is(name));

    [Theory]
    [InlineData("name")]
    [InlineData("public_key")]
    [InlineData("fingerprint")]
    [InlineData("password_changed_at")]
    [InlineData("pinned")]
    [InlineData("basalt")]
    public void names_that_tell_nothing_secret(string name) => Assert.False(Secrets.Is(name));

    [Fact]
    public void a_value_is_hidden_at_any_depth_and_inside_of_texts()
    {
        var masked = Secrets.Masked(new { name = "n", metadata = new { db_password = "geheim" }, list = new[] { new { token = "geheim" } }, text = """{"secret":"geheim"}""", password_changed = true })!;
        Assert.DoesNotContain("geheim", masked);
        var node = JsonNode.Parse(masked)!;
        Assert.Equal(("n", "***", "***", true), ((string)node["name"]!, (string)node["metadata"]!["db_password"]!, (string)node["text"]!["secret"]!, (bool)node["password_changed"]!));
    }

    [Fact]
    public void a_message_loses_the_value_that_was_sent()
    {
        Assert.Equal("Invalid input for field/attribute auth.password. Value: ***. It must be text.", Secrets.Message("Invalid input for field/attribute auth.password. Value: {\"a\": \"b. It must c\"}. It must be text."));
        Assert.Equal("Value: ***", Secrets.Message("Value: ends here"));
    }

    [Fact]
    public void long_texts_are_shortened_between_characters() => Assert.Equal($"{new string('x', 499)}... (501 characters)", (string)Secrets.Value("name", new string('x', 499) + "😀")!);
}
