using System.Text.RegularExpressions;

namespace Actors.Api.Tests.OpenApi;

[Collection(ServiceTests.Name)]
public partial class DocsPageTests(ServiceFixture service)
{
    [Fact]
    public async Task the_page_to_try_the_api_is_for_everybody_and_loads_only_from_the_service()
    {
        using var client = new HttpClient { BaseAddress = service.Client.BaseAddress };
        using var page = await client.GetAsync("/docs", TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self' ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);

        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var links = Link().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("./swagger-ui-bundle.js", links);
        foreach (var link in links)
        {
            using var asset = await client.GetAsync(new Uri(page.RequestMessage!.RequestUri!, link), TestContext.Current.CancellationToken);
            Assert.True(asset.IsSuccessStatusCode, link);
            Assert.Equal(client.BaseAddress!.Authority, asset.RequestMessage!.RequestUri!.Authority);
        }

        var script = await client.GetStringAsync("/docs/index.js", TestContext.Current.CancellationToken);
        Assert.Contains("\"/openapi/v1.json\"", script, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Link();
}
