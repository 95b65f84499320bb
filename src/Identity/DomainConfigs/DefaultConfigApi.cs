using System.Text.Json.Nodes;
using Xiangyun.Wire;

namespace Xiangyun.Identity.DomainConfigs;

/// <summary>What holds for a domain that keeps no options of its own.</summary>
internal sealed class DefaultConfigApi : IApi
{
    public Service Service => Keystone.Service;

    public void Map(Routes r)
    {
        r.Get("/domains/config/default", "identity:domain_config", _ => Give(OptionRules.Defaults()));
        r.Get("/domains/config/{section}/default", "identity:domain_config", call => Give(new JsonObject { [call["section"]] = OptionRules.Group(call["section"]) }));
        r.Get("/domains/config/{section}/{option}/default", "identity:domain_config", call =>
        {
            var (group, option) = (OptionRules.Group(call["section"]), call["option"]);
            return Give(new JsonObject { [option] = group.TryGetPropertyValue(option, out var value) ? value?.DeepClone() : throw Keystone.Missing($"option of the group {call["section"]}", option) });
        });
    }

    private static Task<Answer> Give(JsonObject config) => Task.FromResult(Answer.Ok(new JsonObject { ["config"] = config }));
}
