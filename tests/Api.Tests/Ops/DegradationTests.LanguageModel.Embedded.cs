using Actors.Postgres;
using Actors.Support;

namespace Actors.Api.Tests.Ops;

/// <summary>While the language model that finds facts does not do what it should.</summary>
public sealed partial class DegradationTests
{
    [Fact]
    public async Task the_language_model_is_down()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        var endpoint = model.Endpoint;
        FakeLanguageModel? again = null;
        await HoldWithModelAsync(
            model, "the language model is down", "waiting", "llm_unreachable",
            async () => await model.DisposeAsync(),
            async () => again = await FakeLanguageModel.StartAsync(endpoint));
        await again!.DisposeAsync();
    }

    [Fact]
    public async Task the_language_model_hangs()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        await HoldWithModelAsync(model, "the language model hangs", "waiting", "llm_timeout", () => SetAsync(model, LanguageModelMood.Slow), () => SetAsync(model, LanguageModelMood.Well));
    }

    [Fact]
    public async Task the_language_model_answers_garbage()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        await HoldWithModelAsync(model, "the language model answers garbage", "failed", "llm_garbage", () => SetAsync(model, LanguageModelMood.Garbage), () => SetAsync(model, LanguageModelMood.Well));
    }

    [Fact]
    public async Task a_clients_tokens_are_used_up()
    {
        await using var model = await FakeLanguageModel.StartAsync();
        await HoldWithModelAsync(model, "a client's tokens are used up", "waiting", "over_budget", () => Task.CompletedTask, mend: null, "--Extraction:MonthlyTokens", "1000");
        Assert.Empty(model.Requests);
    }

    private static Task SetAsync(FakeLanguageModel model, LanguageModelMood mood)
    {
        model.Mood = mood;
        return Task.CompletedTask;
    }

    // Facts of a memory wait for the model, or are given up until somebody asks for them again; nothing else notices.
    private async Task HoldWithModelAsync(FakeLanguageModel model, string failure, string state, string error, Func<Task> fail, Func<Task>? mend, params string[] arguments)
    {
        var endpoint = model.Endpoint;
        await using var server = await OwnServer.StartAsync();
        await HoldAsync(
            server,
            async scene =>
            {
                await fail();
                var memory = await scene.RememberSalientAsync("I like tea. Really.");
                await scene.PromotionAsync(memory, state, error);
                await scene.AssertAsync(Table.While(failure), Rounds);
                await scene.PromotionAsync(memory, state, error);
                if (mend is not null)
                {
                    await mend();
                    await scene.PromotionAsync(memory, "done", error: null);
                }
            },
            ["--Llm:Endpoint", endpoint, "--Llm:Model", "fake-1", "--Extraction:Extractor", "llm", "--Extraction:Timeout", "00:00:01", "--Promotion:MaxAttempts", "1", "--Promotion:FirstDelay", "00:00:01", .. arguments]);
    }
}
