namespace Xiangyun.Api.Fuzz;

/// <summary>Bodies that are wrong in one way each.</summary>
internal static class BadBodies
{
    private const string Json = "application/json";

    public static IEnumerable<(string Type, string Body)> NotObjects(string path) => new[]
    {
        "", " ", "null", "1", "[]", "\"text\"", "{", "{\"a\":}", "\u0000", "{\"a\":1,\"a\":2}", "{\"\":{}}",
        string.Concat(Enumerable.Repeat("[", 500)), string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500), "[[[[[[[[[[]]]]]]]]]]", "\uFEFF{}", "{}garbage",
    }.Select(b => (Json, b));

    /// <summary>The resource's name is guessed from the path, singular and with underscores, as all these APIs have it.</summary>
    public static IEnumerable<(string Type, string Body)> WrongMembers(string path)
    {
        var word = path.Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(s => s[0] != '{') ?? "x";
        var name = word.Replace('-', '_').TrimEnd('s');
        string[] inner =
        [
            "{}", "null", "[]", "7", "\"text\"", "{\"there_is_no_such_member\":1}", "{\"name\":7}", "{\"name\":{}}", "{\"name\":\"\\u0000\"}", $"{{\"name\":\"{new string('n', 300)}\"}}",
            "{\"name\":\"祥云 ☁ \\ud83d\\udca9\"}", "{\"name\":\"\\ud83d\"}", "{\"name\":\"x\",\"size\":-1}", "{\"name\":\"x\",\"size\":1e400}", "{\"size\":99999999999999999999}", "{\"name\":null,\"enabled\":\"perhaps\"}",
            "{\"network_id\":\"not-a-uuid\",\"cidr\":\"10.0.0.0/33\",\"ip_version\":5}", "{\"network_id\":7,\"fixed_ips\":{},\"security_groups\":\"all\"}", "{\"flavorRef\":{},\"imageRef\":[],\"networks\":7}",
            "{\"volumeId\":\"not-a-uuid\",\"device\":[]}", "{\"metadata\":{\"k\":7},\"properties\":[]}", "{\"metadata\":{\"" + new string('k', 300) + "\":\"v\"}}",
        ];
        foreach (var body in inner)
        {
            yield return (Json, $"{{\"{name}\":{body}}}");
            yield return (Json, body);
        }
        foreach (var action in new[] { "reboot", "os-start", "os-extend", "os-attach", "os-getConsoleOutput", "addSecurityGroup", "resize", "there-is-no-such-action" })
            foreach (var body in new[] { "null", "{}", "7", "[]", "{\"type\":7,\"new_size\":\"x\",\"length\":-3,\"name\":[]}" })
                if (word == "action") yield return (Json, $"{{\"{action}\":{body}}}");
    }
}
