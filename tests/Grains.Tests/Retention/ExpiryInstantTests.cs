using Actors.Facts;
using Actors.Grains.Tests.Facts;
using Actors.Grains.Tests.Sessions;
using Actors.Runs;
using Actors.Sessions;

namespace Actors.Grains.Tests.Retention;

/// <summary>What is over leaves every default answer at that very instant, whether anything sweeps or not.</summary>
public class ExpiryInstantTests(RetentionStage stage) : IClassFixture<RetentionStage>
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    private readonly string _client = stage.NewClient();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MemoryScope.Session, null, 24.0)]
    [InlineData(MemoryScope.Session, 1.0, 1.0)]
    [InlineData(MemoryScope.User, 2.0, 2.0)]
    [InlineData(MemoryScope.Project, 2.0, 2.0)]
    [InlineData(MemoryScope.Global, 2.0, 2.0)]
    public async Task a_memory_leaves_all_answers_when_it_expires(MemoryScope scope, double? expiresInHours, double hours)
    {
        var memory = await stage.Session(_client).RememberAsync(new NewMemory(
            "red apple", Scope: scope, ExpiresAt: expiresInHours is { } given ? stage.Clock.GetUtcNow() + TimeSpan.FromHours(given) : null));
        Assert.Equal(memory.CreatedAt + TimeSpan.FromHours(hours), memory.ExpiresAt!.Value, Microsecond);

        await ShowsUntilAsync(memory.ExpiresAt.Value);
    }

    [Fact]
    public async Task a_memory_of_a_run_that_has_ended_leaves_all_answers_at_that_instant()
    {
        var runId = Guid.CreateVersion7();
        var run = stage.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(runId));
        await run.StartAsync(new NewRun(_client), Stop);
        var memory = await stage.Session(_client).RememberAsync(new NewMemory("red apple", Scope: MemoryScope.Run, RunId: runId));
        Assert.Null(memory.ExpiresAt);
        Assert.Equal((1, false, 1), await ShownAsync());
        Assert.Equal((1, true, 1), await ShownAsync());

        stage.Clock.Advance(Microsecond * 10);
        var ended = await run.EndAsync(new RunEnd(RunStatus.Cancelled, new RunReport()), Stop);

        Assert.Equal((0, false, 0), await ShownAsync());
        Assert.Single((await stage.RecallAsync(_client, "apple", asOf: ended.EndedAt!.Value - Microsecond)).Hits);
        Assert.Empty((await stage.RecallAsync(_client, "apple", asOf: ended.EndedAt)).Hits);
        await stage.RestartAsync();
        Assert.Equal((0, false, 0), await ShownAsync());
    }

    [Fact]
    public async Task a_memory_of_a_run_expires_before_its_run_ends_when_it_says_so()
    {
        var runId = Guid.CreateVersion7();
        await stage.Grains.GetGrain<IExecutionRunGrain>(IExecutionRunGrain.KeyOf(runId)).StartAsync(new NewRun(_client), Stop);
        var memory = await stage.Session(_client).RememberAsync(
            new NewMemory("red apple", Scope: MemoryScope.Run, RunId: runId, ExpiresAt: stage.Clock.GetUtcNow().AddMinutes(5)));

        await ShowsUntilAsync(memory.ExpiresAt!.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_fact_leaves_all_answers_when_it_stops_being_true(bool isShared)
    {
        var end = stage.Clock.GetUtcNow().AddHours(3);
        var subject = new FactSubject(isShared ? null : _client, "user", $"Ada of {_client}");
        await stage.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(subject)).CreateAsync(
            FactCalls.Fact($"likes plums of {_client}") with { ValidTo = end });
        await stage.Host.RefreshSharedFactsAsync();

        stage.Clock.Advance(end - Microsecond - stage.Clock.GetUtcNow());
        Assert.Equal((1, 1), await FactsShownAsync(subject.Id));
        Assert.Equal((1, 1), await FactsShownAsync(subject.Id));
        Assert.True((await stage.RecallAsync(_client, _client)).Cached);

        stage.Clock.Advance(Microsecond);
        Assert.Equal((0, 0), await FactsShownAsync(subject.Id));
        Assert.Single((await stage.FactsAsync(_client, asOf: end - Microsecond, subjectId: subject.Id)).Facts);
        await stage.SweepAsync();
        Assert.Equal("1", await stage.Database.PsqlAsync($"select count(*) from facts where subject_id = '{subject.Id}'"));
    }

    private async Task ShowsUntilAsync(DateTimeOffset end)
    {
        stage.Clock.Advance(end - Microsecond - stage.Clock.GetUtcNow());
        Assert.Equal((1, false, 1), await ShownAsync());
        Assert.Equal((1, true, 1), await ShownAsync());

        stage.Clock.Advance(Microsecond);
        Assert.Equal((0, false, 0), await ShownAsync());
        await stage.RestartAsync();
        Assert.Equal((0, false, 0), await ShownAsync());
        Assert.Single((await stage.RecallAsync(_client, "apple", asOf: end - Microsecond)).Hits);
        Assert.Single((await stage.ListAsync(_client, includeExpired: true)).Events);
    }

    // How many a recall finds, whether it was repeated, how many a list has.
    private async Task<(int Recalled, bool Cached, int Listed)> ShownAsync()
    {
        var answer = await stage.RecallAsync(_client, "apple");
        return (answer.Hits.Length, answer.Cached, (await stage.ListAsync(_client)).Events.Length);
    }

    private async Task<(int Recalled, int Listed)> FactsShownAsync(string subjectId) =>
        ((await stage.RecallAsync(_client, _client)).Hits.Length, (await stage.FactsAsync(_client, subjectId: subjectId)).Facts.Length);
}
