using System.Diagnostics;

namespace Actors.Api.Tests.Access;

/// <summary>What holds for every route there will ever be, and what only a clock shows.</summary>
public sealed class AccessGateTests(AccessHost host) : IClassFixture<AccessHost>
{
    private const string Page = AccessHost.Page;

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task a_route_that_says_nothing_takes_no_write_of_readers_and_none_without_a_key(string method)
    {
        var reader = await host.Admin.CreateKeyAsync("reader", "1");
        var agent = await host.Admin.CreateKeyAsync("agent", "1");
        Assert.Equal(401, (await host.Admin.AskAsync(null, method, AccessHost.ForgottenWrite)).Status);
        var refused = await host.Admin.AskAsync(reader, method, AccessHost.ForgottenWrite);
        Assert.Equal((403, "role_forbidden"), (refused.Status, refused.Code));
        Assert.Equal("written", (await host.Admin.AskAsync(agent, method, AccessHost.ForgottenWrite)).Body);
    }

    [Fact]
    public async Task a_key_ends_the_moment_it_expires()
    {
        var end = host.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        var key = await host.Admin.CreateKeyAsync(new { name = "short", expires_at = end });
        host.Clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromTicks(1));
        Assert.Equal(200, (await host.Admin.AskAsync(key, "GET", Page)).Status);
        host.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(401, (await host.Admin.AskAsync(key, "GET", Page)).Status);
    }

    [Fact]
    public async Task a_key_without_a_limit_has_the_default_one_and_the_admin_key_none()
    {
        var key = await host.Admin.CreateKeyAsync(new { name = "default" });
        var statuses = new List<int>();
        // The bucket fills up a little meanwhile.
        while (statuses.Count < 10 * AccessHost.DefaultPerMinute && !statuses.Contains(429))
        {
            statuses.Add((await host.Admin.AskAsync(key, "GET", Page)).Status);
        }

        Assert.Equal(429, statuses[^1]);
        Assert.InRange(statuses.Count, AccessHost.DefaultPerMinute + 1, 10 * AccessHost.DefaultPerMinute);
        for (var i = 0; i < 2 * AccessHost.DefaultPerMinute; i++)
        {
            using var response = await host.Admin.GetAsync(Page, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task the_last_use_is_noted_every_minute()
    {
        var key = await host.Admin.CreateKeyAsync("reader", "1");
        await host.Admin.AskAsync(key, "GET", Page);
        var used = host.Clock.GetUtcNow();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        var start = Stopwatch.GetTimestamp();
        var noted = "";
        while (noted.Length == 0 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            noted = await host.Database.PsqlAsync($"select last_used_at at time zone 'UTC' from api_keys where id = '{key.Id}'");
        }

        Assert.Equal($"{used:yyyy-MM-dd HH:mm:ss}", noted);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", 302)]
    [InlineData("application/json", 401)]
    [InlineData("*/*", 401)]
    public async Task only_a_browser_without_a_session_is_sent_to_sign_in(string accept, int status)
    {
        var answer = await host.Admin.AskAsync("GET", $"{Page}?a=b%20c&d=%2F", null, [("Accept", accept)]);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 302, answer.Headers.Contains("Location: /login?return=%2Ftest%2Fpage%3Fa%3Db%2520c%26d%3D%252F\n", StringComparison.Ordinal));
        Assert.Equal(401, (await host.Admin.AskAsync("POST", AccessHost.ForgottenWrite, "", [("Accept", accept)])).Status);
    }

    [Fact]
    public async Task a_session_ends_after_twelve_hours()
    {
        var key = await host.Admin.CreateKeyAsync("reader", "1");
        var cookie = await host.Admin.SignInAsync(key);
        host.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromTicks(1));
        Assert.Equal("for people", (await host.Admin.AskAsync("GET", Page, null, [cookie])).Body);
        host.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(401, (await host.Admin.AskAsync("GET", Page, null, [cookie])).Status);
    }

    [Fact]
    public async Task a_session_ends_when_its_key_expires()
    {
        var key = await host.Admin.CreateKeyAsync(new { name = "short", expires_at = host.Clock.GetUtcNow() + TimeSpan.FromHours(1) });
        var cookie = await host.Admin.SignInAsync(key);
        Assert.Equal(200, (await host.Admin.AskAsync("GET", Page, null, [cookie])).Status);
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(401, (await host.Admin.AskAsync("GET", Page, null, [cookie])).Status);
    }

    [Fact]
    public async Task the_oldest_session_of_a_key_ends_when_it_has_too_many()
    {
        var key = await host.Admin.CreateKeyAsync("reader", "1");
        var other = await host.Admin.SignInAsync(await host.Admin.CreateKeyAsync("reader", "1"));
        var cookies = new List<(string, string)>();
        for (var i = 0; i <= 100; i++)
        {
            cookies.Add(await host.Admin.SignInAsync(key));
        }

        Assert.Equal(401, (await host.Admin.AskAsync("GET", Page, null, [cookies[0]])).Status);
        foreach (var cookie in cookies.Skip(1).Append(other))
        {
            Assert.Equal(200, (await host.Admin.AskAsync("GET", Page, null, [cookie])).Status);
        }
    }
}
