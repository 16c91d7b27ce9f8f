using Actors.Embeddings;
using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

public class QuestionVectorsTests
{
    [Fact]
    public async Task without_an_endpoint_nothing_is_missing()
    {
        var questions = new QuestionVectors(null, new EmbeddingsOptions(), TimeProvider.System, new EmbeddingMetrics(new Meters()));

        Assert.Equal(default, await questions.EmbedAsync("tea", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_question_is_asked_for_once_and_kept()
    {
        await using var scene = await EndpointScene.StartAsync(options => options.QuestionPrefix = "query: ");

        var first = await scene.EmbedAsync("who likes tea?");
        var second = await scene.EmbedAsync("who likes tea?");

        Assert.NotNull(first.Vector);
        Assert.Same(first.Vector, second.Vector);
        Assert.Equal(["query: who likes tea?"], Assert.Single(scene.Fake.Requests).Input);
    }

    [Fact]
    public async Task no_question_outlives_an_erasure_nor_does_one_that_was_just_asked()
    {
        await using var scene = await EndpointScene.StartAsync();
        await scene.EmbedAsync("who likes tea?");
        await scene.Fake.NextRequestAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;
        var late = scene.EmbedAsync("who likes milk?");
        await scene.Fake.NextRequestAsync();

        scene.Questions.Forget();
        scene.Fake.Release();
        await late;
        scene.Fake.Mood = EmbeddingsMood.Well;
        await scene.EmbedAsync("who likes tea?");
        await scene.EmbedAsync("who likes milk?");

        Assert.Equal(4, scene.Fake.Requests.Count);
    }

    [Fact]
    public async Task parallel_askers_share_one_request()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;

        var askers = Enumerable.Range(0, 20).Select(_ => scene.EmbedAsync("who likes tea?")).ToArray();
        await scene.Fake.NextRequestAsync();
        scene.Fake.Release();

        Assert.All(await Task.WhenAll(askers), answer => Assert.NotNull(answer.Vector));
        Assert.Single(scene.Fake.Requests);
    }

    [Fact]
    public async Task nobody_waits_longer_than_the_budget_and_what_comes_later_is_kept()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;

        var asked = scene.EmbedAsync("who likes tea?");
        await scene.Fake.NextRequestAsync();
        scene.Time.Advance(scene.Options.QuestionBudget);
        Assert.Equal(EmbeddingFailure.OverBudget, (await asked).MissingBecause);

        // The request is still under way: who asks now waits for it.
        var again = scene.EmbedAsync("who likes tea?");
        scene.Fake.Release();
        Assert.NotNull((await again).Vector);
        Assert.Single(scene.Fake.Requests);
    }

    [Fact]
    public async Task after_three_that_were_too_slow_none_waits_for_a_while()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;
        foreach (var question in new[] { "one", "two", "three" })
        {
            var asked = scene.EmbedAsync(question);
            await scene.Fake.NextRequestAsync();
            scene.Time.Advance(scene.Options.QuestionBudget);
            Assert.Equal(EmbeddingFailure.OverBudget, (await asked).MissingBecause);
        }

        Assert.Equal(EmbeddingFailure.Paused, (await scene.EmbedAsync("four")).MissingBecause);
        scene.Fake.Release();
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull((await scene.EmbedAsync("five")).Vector);
        Assert.NotNull((await scene.EmbedAsync("six")).Vector);
    }

    [Fact]
    public async Task a_dead_endpoint_costs_one_question_a_try_and_the_others_nothing()
    {
        await using var scene = await EndpointScene.StartAsync();
        await scene.Fake.DisposeAsync();

        Assert.Equal(EmbeddingFailure.Unreachable, (await scene.EmbedAsync("one")).MissingBecause);
        Assert.Equal(EmbeddingFailure.Paused, (await scene.EmbedAsync("two")).MissingBecause);
    }

    [Fact]
    public async Task no_more_than_eight_are_asked_for_at_once()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;

        var asked = Enumerable.Range(0, 8).Select(number => scene.EmbedAsync($"question {number}")).ToArray();
        Assert.Equal(EmbeddingFailure.Busy, (await scene.EmbedAsync("one too many")).MissingBecause);
        scene.Fake.Release();

        Assert.All(await Task.WhenAll(asked), answer => Assert.NotNull(answer.Vector));
    }

    [Fact]
    public async Task who_gives_up_leaves_the_request_to_the_others()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;
        using var giveUp = new CancellationTokenSource();

        var first = scene.Questions.EmbedAsync("tea", giveUp.Token).AsTask();
        await scene.Fake.NextRequestAsync();
        var second = scene.EmbedAsync("tea");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        scene.Fake.Release();

        Assert.NotNull((await second).Vector);
    }

    [Fact]
    public async Task long_questions_are_cut_between_characters()
    {
        await using var scene = await EndpointScene.StartAsync(options => options.LongestText = 4);

        await scene.EmbedAsync("abc😀");
        await scene.EmbedAsync("abcde");

        Assert.Equal(["abc", "abcd"], scene.Fake.Requests.Select(request => request.Input.Single()));
    }
}
