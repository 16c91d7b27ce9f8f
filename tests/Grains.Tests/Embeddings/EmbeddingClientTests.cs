using Actors.Embeddings;
using Actors.Support;

namespace Actors.Grains.Tests.Embeddings;

public class EmbeddingClientTests
{
    [Fact]
    public async Task each_text_gets_its_vector_in_whatever_order_the_answer_is()
    {
        await using var scene = await EndpointScene.StartAsync();

        var outcome = await scene.AskAsync("red apple", "green pear", "blue plum");

        Assert.Null(outcome.Failure);
        Assert.Equal(
            new[] { "red apple", "green pear", "blue plum" }.Select(text => QuantizedVector.Of(FakeEmbeddings.VectorOf(text))!.Values.ToArray()),
            outcome.Vectors.Select(vector => vector.Values.ToArray()));
    }

    [Fact]
    public async Task the_request_is_that_of_the_openai_api()
    {
        await using var scene = await EndpointScene.StartAsync(options => options.Dimensions = 64);

        await scene.AskAsync("red \"apple\"", "日本");

        var request = Assert.Single(scene.Fake.Requests);
        Assert.Equal(("Bearer sk-very-secret", "small", 64, "float"), (request.Authorization, request.Model, request.Dimensions, request.EncodingFormat));
        Assert.Equal(["red \"apple\"", "日本"], request.Input);
    }

    [Fact]
    public async Task without_a_key_none_is_sent_and_without_dimensions_none_are_asked_for()
    {
        await using var scene = await EndpointScene.StartAsync(options => options.ApiKey = "");

        await scene.AskAsync("apple");

        Assert.Equal(("", null), (scene.Fake.Requests[0].Authorization, scene.Fake.Requests[0].Dimensions));
    }

    [Theory]
    [InlineData(EmbeddingsMood.Unauthorized, EmbeddingFailure.Unauthorized)]
    [InlineData(EmbeddingsMood.RateLimited, EmbeddingFailure.RateLimited)]
    [InlineData(EmbeddingsMood.NotFound, EmbeddingFailure.Misconfigured)]
    [InlineData(EmbeddingsMood.RefusesAll, EmbeddingFailure.Refused)]
    [InlineData(EmbeddingsMood.Broken, EmbeddingFailure.ServerError)]
    [InlineData(EmbeddingsMood.Breaks, EmbeddingFailure.Unreachable)]
    [InlineData(EmbeddingsMood.Garbage, EmbeddingFailure.InvalidAnswer)]
    [InlineData(EmbeddingsMood.WrongDimensions, EmbeddingFailure.InvalidAnswer)]
    [InlineData(EmbeddingsMood.NotANumber, EmbeddingFailure.InvalidAnswer)]
    [InlineData(EmbeddingsMood.Zeros, EmbeddingFailure.InvalidAnswer)]
    [InlineData(EmbeddingsMood.TooFew, EmbeddingFailure.InvalidAnswer)]
    public async Task what_goes_wrong_has_a_name_and_quotes_neither_key_nor_text(EmbeddingsMood mood, object failure)
    {
        await using var scene = await EndpointScene.StartAsync(options => options.Dimensions = 64);
        scene.Fake.Mood = mood;

        var outcome = await scene.AskAsync("private matter", "another");

        Assert.Equal(failure, outcome.Failure);
        Assert.Empty(outcome.Vectors);
        Assert.DoesNotContain("secret", outcome.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("private", outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("Sun, 09 Mar 2031 08:00:20 GMT", 20)]
    [InlineData("Sun, 09 Mar 2031 07:00:00 GMT", null)]
    [InlineData("86400", 3_600)]
    [InlineData("soon", null)]
    public async Task it_tells_how_long_it_wants_to_be_left_alone(string header, int? seconds)
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.RateLimited;
        scene.Fake.RetryAfter = header;

        Assert.Equal(seconds, (int?)(await scene.AskAsync("apple")).RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task an_endpoint_that_does_not_answer_is_given_up()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;

        var asked = scene.AskAsync("apple");
        await scene.Fake.NextRequestAsync();
        scene.Time.Advance(scene.Options.Timeout);

        Assert.Equal(EmbeddingFailure.TimedOut, (await asked).Failure);
    }

    [Fact]
    public async Task an_endpoint_that_is_not_there_is_unreachable()
    {
        await using var scene = await EndpointScene.StartAsync();
        await scene.Fake.DisposeAsync();

        Assert.Equal(EmbeddingFailure.Unreachable, (await scene.AskAsync("apple")).Failure);
    }

    [Fact]
    public async Task who_gives_up_gets_no_outcome()
    {
        await using var scene = await EndpointScene.StartAsync();
        scene.Fake.Mood = EmbeddingsMood.Slow;
        using var giveUp = new CancellationTokenSource();

        var asked = scene.Client.EmbedAsync(["apple"], giveUp.Token);
        await scene.Fake.NextRequestAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }
}
