using Actors.Embeddings;
using Actors.Grains.Tests.Sessions;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

public class RecallByMeaningTests(EmbeddingDatabase database) : IClassFixture<EmbeddingDatabase>
{
    [Fact]
    public async Task what_means_the_same_is_found_without_a_word_in_common_also_after_a_restart()
    {
        await using var fake = await FakeEmbeddings.StartAsync();
        var client = database.NewClient();
        await using (var host = await StartAsync(fake))
        {
            var session = Session(host, client);
            await session.RememberAsync("an automobile");
            await session.RememberAsync("some cheese");
            Assert.Empty((await Recall(session, "bread")).Hits);
            await MeaningAwaitedAsync(session);
        }

        await using var again = await StartAsync(fake);
        await MeaningAwaitedAsync(Session(again, client));
    }

    [Fact]
    public async Task a_memory_that_psql_edits_is_found_by_its_new_meaning_only_and_one_whose_content_stays_keeps_its_own()
    {
        await using var fake = await FakeEmbeddings.StartAsync();
        await using var host = await StartAsync(fake);
        var session = Session(host, database.NewClient());
        var memory = await session.RememberAsync("an automobile");
        await MeaningAwaitedAsync(session);

        await database.Database.PsqlAsync($"update events set salience_score = 0.9 where id = '{memory.Id}'");
        await AwaitAsync(async () => (await Recall(session, "automobile")).Hits.Any(hit => hit.Event?.Salience == 0.9));
        await MeaningAwaitedAsync(session);

        await database.Database.PsqlAsync($"update events set content = 'a movie' where id = '{memory.Id}'");
        await AwaitAsync(async () => (await Recall(session, "film")).Hits.Any(hit => hit.Memory.Id == memory.Id));
        Assert.Empty((await Recall(session, "car")).Hits);
    }

    [Fact]
    public async Task a_fact_of_the_house_is_found_by_meaning_too()
    {
        await using var fake = await FakeEmbeddings.StartAsync();
        await using var host = await StartAsync(fake);
        var fact = await database.AddFactAsync(null, "movie");
        var session = Session(host, database.NewClient());
        await AwaitAsync(async () => (await Recall(session, "film")).Hits.Any(hit => hit.Fact?.Id == fact));
    }

    [Fact]
    public async Task when_the_question_cannot_be_embedded_words_answer_and_the_answer_says_so()
    {
        await using var fake = await FakeEmbeddings.StartAsync();
        await using var host = await StartAsync(fake);
        var session = Session(host, database.NewClient());
        await session.RememberAsync("an automobile");
        fake.Mood = EmbeddingsMood.Broken;

        var answer = await Recall(session, "automobile");
        Assert.Equal(["an automobile"], answer.Hits.Select(hit => hit.Memory.Content));
        Assert.Equal([QuestionVector.Degraded], answer.Degraded);

        // Such an answer is not repeated once the endpoint is well, and nobody has to write before.
        Assert.False((await Recall(session, "automobile")).Cached);
    }

    [Fact]
    public async Task without_an_endpoint_nothing_is_degraded()
    {
        await using var host = await GrainHost.StartAsync(database.Database);
        var session = Session(host, database.NewClient());
        await session.RememberAsync("an automobile");
        Assert.Empty((await Recall(session, "automobile")).Degraded);
    }

    private static async Task MeaningAwaitedAsync(ISessionGrain session)
    {
        await AwaitAsync(async () => !(await Recall(session, "car")).Hits.IsEmpty);
        var hit = Assert.Single((await Recall(session, "car")).Hits);
        Assert.Equal("an automobile", hit.Memory.Content);
        Assert.Equal(RecallReasons.Meaning, hit.Reasons);
        Assert.Equal(0, hit.Bm25);
        Assert.InRange(hit.Similarity, 0.01, 1);
    }

    private static Task<RecallAnswer> Recall(ISessionGrain session, string question) =>
        session.RecallAsync(RecallRequest.For(question), TestContext.Current.CancellationToken);

    private static ISessionGrain Session(GrainHost host, string client) => host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(client));

    private static async Task AwaitAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    // Related words would find the automobile by themselves.
    private Task<GrainHost> StartAsync(FakeEmbeddings fake) => GrainHost.StartAsync(
        database.Database, settings:
        [
            ("Embeddings:Endpoint", fake.Endpoint), ("Embeddings:Model", EmbeddingDatabase.Model), ("Embeddings:PollInterval", "00:00:00.05"),
            ("Embeddings:QuestionBudget", "00:00:10"), ("Ranking:SynonymPercent", "0"), ("Ranking:InstancePercent", "0"),
        ]);
}
