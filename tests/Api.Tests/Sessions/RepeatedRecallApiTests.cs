using System.Text.Json.Nodes;
using Actors.Api.Tests.Access;

namespace Actors.Api.Tests.Sessions;

/// <summary>The third time a question is asked, its answer comes from what the API keeps.</summary>
[Collection(ServiceTests.Name)]
public class RepeatedRecallApiTests(ServiceFixture service)
{
    private const string Recall = "/api/v1/memory/recall";

    [Theory]
    [InlineData("")]
    [InlineData("&format=context&max_tokens=100")]
    [InlineData("&speaker=Zo%C3%AB&metadata.drink=tea")]
    public async Task a_repeated_answer_is_the_same_but_for_its_time_and_whether_it_is_repeated(string parameters)
    {
        var client = service.NewClient();
        await service.RememberAsync(new { client_id = client, content = "Zoë <prefers> \"tea\" ☕ \ud83c\udf75", speaker = "Zoë", metadata = new { drink = "tea", n = 1.50 } });
        var question = $"{Recall}?client_id={client}&query=tea{parameters}";

        var answers = new JsonObject[4];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = await AskAsync(question);
        }

        Assert.Equal([false, true, true, true], answers.Select(answer => (bool)answer["cached"]!));
        Assert.Single(answers[0]["results"]!.AsArray());
        Assert.All(answers, answer => Assert.InRange((double)answer["search_time_ms"]!, 0, 60_000));
        Assert.Single(answers.Select(WithoutTimeAndRepetition).Distinct());
    }

    [Fact]
    public async Task a_repeated_answer_is_given_up_for_what_was_written()
    {
        var client = service.NewClient();
        var question = $"{Recall}?client_id={client}&query=tea";
        await service.RememberAsync(new { client_id = client, content = "tea one" });
        for (var i = 0; i < 3; i++)
        {
            Assert.Single((await AskAsync(question))["results"]!.AsArray());
        }

        await service.RememberAsync(new { client_id = client, content = "tea two" });
        for (var i = 0; i < 3; i++)
        {
            var answer = await AskAsync(question);
            Assert.Equal(i > 0, (bool)answer["cached"]!);
            Assert.Equal(2, (int)answer["result_count"]!);
        }
    }

    [Fact]
    public async Task a_repeated_answer_is_for_keys_of_its_client_only()
    {
        var (mine, theirs) = (service.NewClient(), service.NewClient());
        var question = $"{Recall}?client_id={theirs}&query=secret";
        await service.RememberAsync(new { client_id = theirs, content = "a secret of theirs" });
        for (var i = 0; i < 3; i++)
        {
            await AskAsync(question);
        }

        var key = await service.Client.CreateKeyAsync("agent", mine);
        var answer = await service.Client.AskAsync(key, "GET", question);

        Assert.Equal((403, "client_forbidden"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task a_large_answer_is_whole_each_time()
    {
        var client = service.NewClient();
        var content = "tea " + new string('x', 200_000);
        await service.RememberAsync(new { client_id = client, content = content + "1" });
        await service.RememberAsync(new { client_id = client, content = content + "2" });

        for (var i = 0; i < 3; i++)
        {
            var answer = await AskAsync($"{Recall}?client_id={client}&query=tea");
            Assert.Equal(i > 0, (bool)answer["cached"]!);
            Assert.Equal([content + "1", content + "2"], answer["results"]!.AsArray().Select(hit => (string)hit!["content"]!).Order());
        }
    }

    private async Task<JsonObject> AskAsync(string question)
    {
        var (status, body) = await service.GetAsync(question);
        Assert.Equal(200, status);
        return body!.AsObject();
    }

    private static string WithoutTimeAndRepetition(JsonObject answer)
    {
        var same = answer.DeepClone().AsObject();
        same.Remove("search_time_ms");
        same.Remove("cached");
        return same.ToJsonString();
    }
}
