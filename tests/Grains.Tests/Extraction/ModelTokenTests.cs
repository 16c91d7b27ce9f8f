using Actors.Support;

namespace Actors.Extraction.Tests;

/// <summary>What a client's memories cost at the language model, and what happens when no tokens are left.</summary>
public sealed class ModelTokenTests(ModelDatabase database) : IClassFixture<ModelDatabase>
{
    [Fact]
    public async Task a_clients_month_ends_when_its_tokens_are_used_up_and_another_one_begins()
    {
        await using var scene = await ModelScene.StartAsync(database, new ExtractionOptions { MonthlyTokens = 4_000 });
        scene.Fake.Tokens = 900;

        await scene.ExtractAsync();
        Assert.Equal("2031-03-01|900|1", await scene.UsageAsync());
        await scene.ExtractAsync();
        var failure = await scene.FailAsync();

        Assert.Equal(("over_budget", true), (failure.Code, failure.IsTransient));
        // Somebody may allow more before that.
        Assert.Equal(TimeSpan.FromDays(1), failure.RetryAfter);
        Assert.Equal("2031-03-01|1800|2", await scene.UsageAsync());
        Assert.Equal(2, scene.Fake.Requests.Count);
        var end = new DateTimeOffset(2031, 4, 1, 0, 0, 0, TimeSpan.Zero);
        scene.Time.Advance(end - scene.Time.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), (await scene.FailAsync()).RetryAfter);
        scene.Time.Advance(TimeSpan.FromHours(1));
        Assert.Single((await scene.ExtractAsync()).Facts);
        Assert.Equal("2031-03-01|1800|2\n2031-04-01|900|1", await scene.UsageAsync());
    }

    [Fact]
    public async Task without_usage_an_answer_costs_what_was_estimated()
    {
        await using var scene = await ModelScene.StartAsync(database);
        scene.Fake.Tokens = 0;

        await scene.ExtractAsync();

        var tokens = int.Parse((await scene.UsageAsync()).Split('|')[1]);
        // Of the answer, too; three characters a token, and the fake's is some 150 long.
        var sent = scene.Fake.Requests[0].Messages.Sum(message => message.Text.Length) / 3;
        Assert.InRange(tokens, sent + 30, sent + 100);
    }

    [Fact]
    public async Task characters_beyond_ascii_are_a_token_each()
    {
        await using var scene = await ModelScene.StartAsync(database);
        scene.Fake.Tokens = 0;

        await scene.ExtractAsync("I like tea. " + new string('x', 300));
        var ascii = int.Parse((await scene.UsageAsync()).Split('|')[1]);
        await scene.ExtractAsync("I like tea. " + new string('茶', 300));

        Assert.InRange(int.Parse((await scene.UsageAsync()).Split('|')[1]) - (2 * ascii), 195, 205);
    }

    [Fact]
    public async Task an_answer_may_be_as_long_as_was_set_apart_for_it()
    {
        await using var scene = await ModelScene.StartAsync(database, new ExtractionOptions { LongestAnswer = 700, MonthlyTokens = 1_200 });

        Assert.Equal("over_budget", (await scene.FailAsync()).Code);
        Assert.Empty(scene.Fake.Requests);
        await using var richer = await ModelScene.StartAsync(database, new ExtractionOptions { LongestAnswer = 700, MonthlyTokens = 10_000 });
        await richer.ExtractAsync();

        Assert.Equal(700, Assert.Single(richer.Fake.Requests).MaxTokens);
    }

    [Fact]
    public async Task a_client_that_is_erased_while_the_model_answers_leaves_no_tokens()
    {
        await using var scene = await ModelScene.StartAsync(database);
        scene.Fake.Mood = LanguageModelMood.Slow;
        var asked = scene.FailAsync();
        await scene.Fake.AskedAsync(TestContext.Current.CancellationToken);

        await scene.PsqlAsync($"delete from events where client_id = '{scene.ClientId}'; delete from llm_usage where client_id = '{scene.ClientId}'");
        scene.Fake.Mood = LanguageModelMood.RepairedAtOnce;
        scene.Fake.Release();

        Assert.Equal("over_budget", (await asked).Code);
        Assert.Single(scene.Fake.Requests);
        Assert.Empty(await scene.UsageAsync());
    }

    [Fact]
    public async Task an_answer_is_kept_when_its_tokens_cannot_be_noted()
    {
        await using var scene = await ModelScene.StartAsync(database);
        await scene.PsqlAsync(
            $"""
            create function fail_to_note() returns trigger language plpgsql as $f$ begin raise exception 'gone' using errcode = '57P03'; end $f$;
            create trigger fail_to_note before update on llm_usage for each row when (new.client_id = '{scene.ClientId}') execute function fail_to_note()
            """);

        Assert.Single((await scene.ExtractAsync()).Facts);
        await scene.PsqlAsync("drop trigger fail_to_note on llm_usage");
    }
}
