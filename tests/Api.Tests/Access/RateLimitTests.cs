using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Api.Tests.Access;

[Collection(ServiceTests.Name)]
public partial class RateLimitTests(ServiceFixture service)
{
    private const string Recall = "/api/v1/memory/recall?client_id=limited&query=x";

    [Fact]
    public async Task over_its_limit_a_key_is_told_when_to_try_again_and_others_are_not()
    {
        var limited = await CreateAsync(3);
        var other = await CreateAsync(3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await service.Client.AskAsync(limited, "GET", Recall)).Status);
        }

        var refused = await service.Client.AskAsync(limited, "GET", Recall);
        Assert.Equal((429, "rate_limited"), (refused.Status, refused.Code));
        // One request of three a minute comes back after 20 seconds at most.
        Assert.InRange(RetryAfter(refused), 1, 20);
        Assert.Equal(200, (await service.Client.AskAsync(other, "GET", Recall)).Status);
        Assert.Equal(200, (await service.Client.AskAsync(limited, "GET", "/health")).Status);
    }

    [Fact]
    public async Task requests_that_are_refused_count_and_writes_over_the_limit_do_nothing()
    {
        var key = await CreateAsync(2);
        Assert.Equal(403, (await service.Client.AskAsync(key, "GET", KeyCalls.Keys)).Status);
        Assert.Equal(404, (await service.Client.AskAsync(key, "GET", "/nothing")).Status);
        var refused = await service.Client.AskAsync(key, "POST", "/api/v1/memory/remember", """{"client_id": "limited", "content": "not stored"}""");
        Assert.Equal(429, refused.Status);
        Assert.Empty(await service.RecallAsync("client_id=limited&query=stored"));
    }

    [Fact]
    public async Task a_new_limit_counts_from_the_patch_on()
    {
        var key = await CreateAsync(1);
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
        Assert.Equal(429, (await service.Client.AskAsync(key, "GET", Recall)).Status);

        // Other changes give no new budget.
        await service.Client.ChangeKeyAsync(key, new { name = "renamed" });
        Assert.Equal(429, (await service.Client.AskAsync(key, "GET", Recall)).Status);

        await service.Client.ChangeKeyAsync(key, new { rate_limit_per_minute = 2 });
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
        Assert.Equal(429, (await service.Client.AskAsync(key, "GET", Recall)).Status);

        await service.Client.ChangeKeyAsync(key, new { rate_limit_per_minute = (int?)null });
        Assert.Equal(200, (await service.Client.AskAsync(key, "GET", Recall)).Status);
    }

    private Task<TestKey> CreateAsync(int perMinute) =>
        service.Client.CreateKeyAsync(new { name = "limited", client_ids = new[] { "limited" }, rate_limit_per_minute = perMinute });

    private static int RetryAfter(Answer answer) =>
        int.Parse(RetryAfterHeader().Match(answer.Headers).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Retry-After: (\d+)$", RegexOptions.Multiline)]
    private static partial Regex RetryAfterHeader();
}
