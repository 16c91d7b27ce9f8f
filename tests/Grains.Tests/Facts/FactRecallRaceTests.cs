using Actors.Facts;
using Actors.Grains.Tests.Embeddings;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;
using static Actors.Grains.Tests.Facts.FactCalls;

namespace Actors.Grains.Tests.Facts;

public sealed class FactRecallRaceTests
{
    [Theory]
    [InlineData("1")]
    [InlineData(null)]
    public async Task a_belief_of_the_past_is_found_though_it_changes_while_the_question_is_embedded(string? owner)
    {
        await using var database = await TestPostgres.CreateAsync();
        await using var fake = await FakeEmbeddings.StartAsync();
        await using var host = await GrainHost.StartAsync(
            database, new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60)),
            ("Embeddings:Endpoint", fake.Endpoint), ("Embeddings:Model", EmbeddingDatabase.Model), ("Embeddings:PollInterval", "1.00:00:00"));
        var subject = host.Grains.GetGrain<IFactSubjectGrain>(FactSubjectKey.Of(new FactSubject(owner, "user", "1")));
        var session = host.Grains.GetGrain<ISessionGrain>(SessionKey.Of("1"));
        var tea = await subject.CreateAsync(Fact("drinks tea"));
        await host.RefreshSharedFactsAsync();
        Assert.Equal(["drinks tea"], await session.RecallFactsAsync("drinks", knownAt: tea.RecordedAt));
        await fake.NextRequestAsync();

        fake.Mood = EmbeddingsMood.Slow;
        var recall = session.RecallFactsAsync("who drinks", knownAt: tea.RecordedAt);
        await fake.NextRequestAsync();
        await subject.ChangeAsync(tea.Id, "drinks coffee");
        await host.RefreshSharedFactsAsync();
        fake.Release();

        Assert.Equal(["drinks tea"], await recall);
        Assert.Equal(["drinks tea"], await session.RecallFactsAsync("who drinks", knownAt: tea.RecordedAt));
    }
}
