using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Actors.Support;

namespace Actors.Api.Tests.Zep;

/// <summary>What the service's answers say of Zep.</summary>
public sealed class ZepApiTests
{
    [Fact]
    public async Task remember_says_where_a_memory_is_and_a_repeat_says_what_the_first_said()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:10", "--Zep:PollInterval", "01:00:00");
        var sent = await scene.RememberAsync("1", "Ada prefers tea");
        Assert.Equal(("[\"postgres\",\"zep\"]", "[]"), (sent["stored_in"]!.ToJsonString(), sent["queued_for"]!.ToJsonString()));

        var keyed = await scene.RememberAsync("1", "Ada prefers milk", "key-1");
        Assert.Equal(("[\"postgres\"]", "[\"zep\"]"), (keyed["stored_in"]!.ToJsonString(), keyed["queued_for"]!.ToJsonString()));
        Assert.Equal(keyed.ToJsonString(), (await scene.RememberAsync("1", "Ada prefers milk", "key-1")).ToJsonString());

        var chat = await scene.RememberAsync("1", "Good morning", salience: 0.3);
        Assert.Equal(("[\"postgres\"]", "[]"), (chat["stored_in"]!.ToJsonString(), chat["queued_for"]!.ToJsonString()));
    }

    [Fact]
    public async Task an_operator_sees_what_was_refused_has_it_tried_again_and_takes_it_out()
    {
        await using var scene = await ZepService.StartAsync("--Zep:MaxAttempts", "1");
        scene.Fake.Quirks.MessageLength = 10;
        var memory = (string)(await scene.RememberAsync("1", "far too long for this one"))["memory_id"]!;
        await scene.RememberAsync("1", "short");
        await scene.SentAsync();

        var failed = (await scene.GetAsync("/api/v1/admin/outbox?state=failed&client_id=1"))["items"]!.AsArray();
        var row = Assert.Single(failed)!;
        Assert.Equal((memory, "event", "failed", 1), ((string)row["memory_id"]!, (string)row["kind"]!, (string)row["state"]!, (int)row["attempts"]!));
        Assert.DoesNotContain("far too long", row.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((await scene.GetAsync("/api/v1/admin/outbox?state=waiting"))["items"]!.AsArray());
        Assert.Empty((await scene.GetAsync("/api/v1/admin/outbox?client_id=2"))["items"]!.AsArray());

        scene.Fake.Quirks.MessageLength = 100;
        var again = await scene.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/outbox/{row["outbox_id"]}/retry") { Content = JsonContent.Create(new { }) }, 202);
        Assert.Equal(("waiting", 0), ((string)again["state"]!, (int)again["attempts"]!));
        await scene.SentAsync();
        Assert.Equal(["short", "far too long for this one"], scene.Fake.Messages.Select(message => message.Content));
        await scene.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/admin/outbox/{row["outbox_id"]}"), 404);
    }

    [Fact]
    public async Task an_erasure_says_what_is_queued_outside_until_it_is_done_and_is_not_taken_out()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:10");
        await scene.RememberAsync("1", "a secret");
        await scene.SentAsync();
        scene.Fake.Mood = ZepMood.Refuses;

        var receipt = await scene.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/v1/clients/1/data"), 200);
        Assert.Equal("[\"zep\"]", receipt["queued_outside"]!.ToJsonString());
        var row = Assert.Single((await scene.GetAsync("/api/v1/admin/outbox?client_id=1"))["items"]!.AsArray())!;
        Assert.Equal("erasure", (string)row["kind"]!);
        await scene.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/v1/admin/outbox/{row["outbox_id"]}"), 409);

        scene.Fake.Mood = ZepMood.Well;
        await scene.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/outbox/{row["outbox_id"]}/retry") { Content = JsonContent.Create(new { }) }, 202);
        await scene.SentAsync();
        Assert.Empty(scene.Fake.Users);
        Assert.Equal("[]", (await scene.GetAsync("/api/v1/clients/1/erasures"))["items"]![0]!["queued_outside"]!.ToJsonString());
    }

    [Fact]
    public async Task detailed_health_tells_of_the_budget_of_what_waits_and_what_fails_and_since_when()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:10", "--Zep:MonthlyCalls", "31000");
        var before = await scene.GetAsync("/health/detailed");
        Assert.Equal(("ok", "unknown"), ((string)before["status"]!, StateOf(before, "zep")));
        Assert.Equal(["ok", "ok", "off", "off", "off"], new[] { "postgres", "hosting", "valkey", "embeddings", "llm" }.Select(name => StateOf(before, name)));

        await scene.RememberAsync("1", "Ada prefers tea");
        var after = await scene.GetAsync("/health/detailed");
        Assert.Equal("ok", StateOf(after, "zep"));
        Assert.Equal((6_000, 3, 31_000, 0L), ((int)after["zep"]!["per_minute"]!, (int)after["zep"]!["month_calls"]!, (int)after["zep"]!["monthly_calls"]!, (long)after["zep"]!["waiting"]!));

        scene.Fake.Mood = ZepMood.WrongKey;
        await scene.RememberAsync("1", "Ada prefers milk");
        var failing = await scene.GetAsync("/health/detailed");
        Assert.Equal(("degraded", "failing", 1L), ((string)failing["status"]!, StateOf(failing, "zep"), (long)failing["zep"]!["waiting"]!));
        var zep = failing["dependencies"]!.AsArray().Single(dependency => (string)dependency!["name"]! == "zep")!;
        Assert.Contains("unauthorized", (string)zep["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeZep.Key, failing.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(zep["since"]);
    }

    [Fact]
    public async Task detailed_health_tells_until_when_zep_is_to_be_left_alone()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:10", "--Zep:MonthlyCalls", "31000");
        scene.Fake.Mood = ZepMood.Throttled;
        await scene.RememberAsync("1", "Ada prefers tea");

        var paused = await scene.GetAsync("/health/detailed");

        Assert.Equal(("degraded", "paused", "retry_after"), ((string)paused["status"]!, StateOf(paused, "zep"), (string)paused["zep"]!["pause_reason"]!));
        Assert.NotNull(paused["zep"]!["paused_until"]);
        Assert.NotNull(paused["zep"]!["day_share"]);
    }

    [Fact]
    public async Task detailed_health_tells_that_the_calls_of_the_day_are_used_up()
    {
        await using var scene = await ZepService.StartAsync("--Zep:RememberBudget", "00:00:10", "--Zep:MonthlyCalls", "31000");
        await scene.RememberAsync("1", "Ada prefers tea");
        await using (var spend = scene.Database.DataSource.CreateCommand("update zep_budget set day_calls = day_calls + 31000, month_calls = month_calls + 31000"))
        {
            await spend.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var spent = await scene.GetAsync("/health/detailed");

        var zep = spent["dependencies"]!.AsArray().Single(dependency => (string)dependency!["name"]! == "zep")!;
        Assert.Equal(("degraded", "paused", "day"), ((string)spent["status"]!, (string)zep["state"]!, (string)zep["detail"]!));
        Assert.InRange((int)spent["zep"]!["day_share"]!, 1, (int)spent["zep"]!["day_calls"]!);
        Assert.Null(spent["zep"]!["pause_reason"]);
    }

    private static string StateOf(JsonNode health, string name) =>
        (string)health["dependencies"]!.AsArray().Single(dependency => (string)dependency!["name"]! == name)!["state"]!;
}
