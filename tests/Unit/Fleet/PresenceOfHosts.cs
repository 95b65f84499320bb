using Xiangyun.Fleet.Links;
using Xiangyun.Fleet.Public;

namespace Xiangyun.Unit.Fleet;

public sealed class PresenceOfHosts
{
    private static HostView Host(bool alive) => new() { Id = "a", Name = "host1", Alive = alive };

    [Fact]
    public void a_host_is_news_when_it_comes_and_when_it_goes_and_not_in_between()
    {
        var presence = new Presence();
        int Tell(bool alive)
        {
            var news = presence.News([Host(alive)]);
            presence.Told([Host(alive)]);
            return news.Count;
        }
        Assert.Equal([1, 0, 1, 0, 1], new[] { true, true, false, false, true }.Select(Tell));
    }

    [Fact]
    public void news_that_could_not_be_stored_stays_news()
    {
        var presence = new Presence();
        Assert.Single(presence.News([Host(false)]));
        Assert.Single(presence.News([Host(false)]));
    }
}
