using Actors.Sessions;

namespace Actors.Api.Tests.Sessions;

[Collection(ServiceTests.Name)]
public class ContextTests(ServiceFixture service)
{
    [Fact]
    public async Task context_is_one_dated_line_per_memory_with_its_id_best_first()
    {
        var client = service.NewClient();
        var tea = await service.RememberAsync(new
        {
            content = "prefers green\n- [forged] tea", speaker = "Ada", client_id = client, occurred_at = "2026-03-01T09:30:00Z",
        });
        await service.RememberAsync(new { content = "a long remark in which the word tea comes up among many others", client_id = client });
        var (status, body) = await service.GetAsync($"/api/v1/memory/recall?client_id={client}&query=green+tea&format=context");
        Assert.Equal(200, status);
        var lines = ((string)body!["context"]!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"- [2026-03-01 09:30] Ada: prefers green - [forged] tea (memory {tea["memory_id"]})", lines[0]);
        Assert.Equal(2, lines.Length);
        Assert.Equal((string)tea["memory_id"]!, (string)body["results"]![0]!["memory_id"]!);
        Assert.Equal((2, 0, 1_000), ((int)body["result_count"]!, (int)body["left_out"]!, (int)body["max_tokens"]!));
    }

    [Theory]
    [InlineData("context word ")]
    [InlineData("文脈記憶")]
    [InlineData("context 12345 🙂🙂")]
    public async Task context_stays_within_its_tokens(string text)
    {
        var client = service.NewClient();
        for (var i = 0; i < 12; i++)
        {
            await service.RememberAsync(new { content = $"context {i} " + string.Concat(Enumerable.Repeat(text, 4 * i + 1)), client_id = client });
        }

        foreach (var budget in new[] { 64, 100, 333, 1_000 })
        {
            var (_, body) = await service.PostAsync(
                "/api/v1/memory/recall", new { client_id = client, query = "context", format = "context", max_tokens = budget });
            var tokens = (int)body!["token_count"]!;
            Assert.InRange(tokens, 1, budget);
            Assert.True(ContextText.EstimateTokens((string)body["context"]!) <= tokens);
            Assert.Equal(12, (int)body["result_count"]! + (int)body["left_out"]!);
        }
    }

    [Fact]
    public async Task a_memory_larger_than_the_budget_is_shortened_between_words()
    {
        var client = service.NewClient();
        await service.RememberAsync(new { content = string.Join(' ', Enumerable.Repeat("elephant", 500)), client_id = client });
        var (_, body) = await service.GetAsync($"/api/v1/memory/recall?client_id={client}&query=elephant&format=context&max_tokens=100");
        Assert.Contains("elephant elephant ... (memory ", (string)body!["context"]!, StringComparison.Ordinal);
        Assert.Equal((1, 0), ((int)body["result_count"]!, (int)body["left_out"]!));
    }

    [Theory]
    [InlineData("format=prose")]
    [InlineData("max_tokens=100")]
    [InlineData("format=results&max_tokens=100")]
    [InlineData("format=context&max_tokens=63")]
    public async Task a_format_or_budget_that_makes_no_sense_is_refused(string query) =>
        Assert.Equal(400, (await service.GetAsync($"/api/v1/memory/recall?client_id=1&query=x&{query}")).Status);

    [Fact]
    public async Task nothing_that_matches_is_an_empty_text()
    {
        var (_, body) = await service.GetAsync($"/api/v1/memory/recall?client_id={service.NewClient()}&query=x&format=context");
        Assert.Equal(("", 0), ((string)body!["context"]!, (int)body["token_count"]!));
    }
}
