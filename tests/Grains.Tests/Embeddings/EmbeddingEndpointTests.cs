using Actors.Embeddings;
using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

public class EmbeddingEndpointTests
{
    [Fact]
    public async Task a_failing_endpoint_is_left_alone_for_longer_and_longer()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Broken;

        Assert.Equal(EmbeddingFailure.ServerError, (await scene.AskEndpointAsync()).Failure);
        foreach (var pause in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            scene.Time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromTicks(1));
            Assert.Equal(EmbeddingFailure.Paused, (await scene.AskEndpointAsync()).Failure);
            scene.Time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(EmbeddingFailure.ServerError, (await scene.AskEndpointAsync()).Failure);
        }

        Assert.Equal(9, scene.Fake.Requests.Count);
    }

    [Fact]
    public async Task it_is_asked_again_once_it_answers()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Unauthorized;
        await scene.AskEndpointAsync();

        scene.Fake.Mood = EmbeddingsMood.Well;
        scene.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null((await scene.AskEndpointAsync()).Failure);
        Assert.Null((await scene.AskEndpointAsync()).Failure);
        Assert.Equal(["The embeddings endpoint fails: Unauthorized (HTTP 401); recall goes on without it ", "The embeddings endpoint answers again "], scene.Log);
    }

    [Fact]
    public async Task it_is_left_alone_for_as_long_as_it_asks()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.RateLimited;
        await scene.AskEndpointAsync();
        scene.Fake.Mood = EmbeddingsMood.Well;

        scene.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(EmbeddingFailure.Paused, (await scene.AskEndpointAsync()).Failure);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null((await scene.AskEndpointAsync()).Failure);
    }

    [Fact]
    public async Task only_one_tries_whether_it_lives_again()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Broken;
        await scene.AskEndpointAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;
        scene.Time.Advance(TimeSpan.FromSeconds(1));

        var first = scene.AskEndpointAsync();
        Assert.Equal(EmbeddingFailure.Paused, (await scene.AskEndpointAsync()).Failure);
        scene.Fake.Release();

        Assert.Null((await first).Failure);
        Assert.Null((await scene.AskEndpointAsync()).Failure);
    }

    [Fact]
    public async Task texts_that_are_refused_pause_nothing()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.RefusesAll;
        await scene.AskEndpointAsync();
        scene.Fake.Mood = EmbeddingsMood.Well;

        Assert.Null((await scene.AskEndpointAsync()).Failure);
    }

    [Fact]
    public async Task requests_are_spread_over_the_minute_and_questions_have_the_last_of_a_burst()
    {
        await using var scene = await EndpointScene.StartAsync(options => options.RequestsPerMinute = 60);

        var background = await CountAsync(isQuestion: false);
        var questions = await CountAsync(isQuestion: true);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        var later = await CountAsync(isQuestion: true);

        Assert.Equal((5, 5, 1), (background, questions, later));

        async Task<int> CountAsync(bool isQuestion)
        {
            var count = 0;
            while ((await scene.AskEndpointAsync(isQuestion)).Failure is null)
            {
                count++;
            }

            return count;
        }
    }

    [Fact]
    public void a_single_request_a_minute_is_possible()
    {
        var time = new ManualTimeProvider();
        var pace = new RequestPace(time, 1);

        Assert.True(pace.TryTake(isQuestion: false));
        Assert.False(pace.TryTake(isQuestion: true));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(pace.TryTake(isQuestion: false));
    }
}
