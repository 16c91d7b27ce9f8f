using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Cluster;

/// <summary>A client as an agent should have one: it gives each write an Idempotency-Key, and repeats what got a 503 after the time that answer names.</summary>
internal sealed class PatientClient(HttpClient client)
{
    private const int MaxAttempts = 12;

    private int _repeats;

    /// <summary>How often a request had to be sent again.</summary>
    public int Repeats => _repeats;

    public Task<(int Status, JsonNode? Body)> GetAsync(string path) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path));

    public Task<(int Status, JsonNode? Body)> PostAsync(string path, object body)
    {
        var key = Guid.NewGuid().ToString();
        return SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", key } },
        });
    }

    private async Task<(int Status, JsonNode? Body)> SendAsync(Func<HttpRequestMessage> create)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = create();
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == MaxAttempts)
            {
                var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
            }

            Interlocked.Increment(ref _repeats);
            using var wait = new PeriodicTimer(response.Headers.RetryAfter!.Delta!.Value);
            await wait.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
