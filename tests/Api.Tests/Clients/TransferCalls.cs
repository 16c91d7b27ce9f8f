using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Clients;

/// <summary>Exports and imports as a caller makes them.</summary>
internal static class TransferCalls
{
    public const string Ndjson = "application/x-ndjson";

    public static async Task<string> ExportAsync(this HttpClient http, string clientId)
    {
        using var response = await http.GetAsync(new Uri($"/api/v1/clients/{clientId}/export", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(Ndjson, response.Content.Headers.ContentType!.MediaType);
        return text;
    }

    /// <summary>Imports, and returns the status and the last line of the answer.</summary>
    public static async Task<(int Status, JsonNode Last)> ImportAsync(this HttpClient http, string clientId, string lines)
    {
        using var content = new StringContent(lines, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue(Ndjson);
        return await http.ImportAsync(clientId, content);
    }

    public static async Task<(int Status, JsonNode Last)> ImportAsync(this HttpClient http, string clientId, HttpContent content)
    {
        using var response = await http.PostAsync(new Uri($"/api/v1/clients/{clientId}/import", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!);
    }

    public static async Task<T> GetAsync<T>(this HttpClient http, string path) =>
        (await http.GetFromJsonAsync<T>(path, TestContext.Current.CancellationToken))!;

    /// <summary>All lines but the header, which names client and time.</summary>
    public static string[] Rows(this string export) => export.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
}
