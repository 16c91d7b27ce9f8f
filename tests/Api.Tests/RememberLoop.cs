using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace Actors.Api.Tests;

/// <summary>Remembers one thing after the other, singly and in batches, until told to stop or the service is gone. Keeps what was acknowledged.</summary>
internal sealed class RememberLoop(HttpClient client, string clientId, CancellationToken stop)
{
    private readonly Channel<bool> _written = Channel.CreateUnbounded<bool>();

    public string ClientId => clientId;

    /// <summary>Memory id to content.</summary>
    public ConcurrentDictionary<Guid, string> Acknowledged { get; } = new();

    /// <summary>The codes of the answers that promised nothing.</summary>
    public ConcurrentBag<string> RefusalCodes { get; } = [];

    /// <summary>Completes after that many more acknowledged requests.</summary>
    public async Task AcknowledgedAsync(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await _written.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    public async Task RunAsync()
    {
        var random = new Random(clientId.GetHashCode(StringComparison.Ordinal));
        while (!stop.IsCancellationRequested)
        {
            var contents = Enumerable.Range(0, random.Next(3) == 0 ? random.Next(2, 20) : 1)
                .Select(_ => $"word{Guid.NewGuid():N} written by a loop").ToArray();
            try
            {
                var ids = await RememberAsync(contents);
                foreach (var (id, content) in ids.Zip(contents))
                {
                    Assert.True(Acknowledged.TryAdd(id, content));
                }
            }
            catch (HttpRequestException)
            {
                return;
            }

            _written.Writer.TryWrite(true);
        }
    }

    private async Task<Guid[]> RememberAsync(string[] contents)
    {
        using var response = contents.Length == 1
            ? await client.PostAsJsonAsync("/api/v1/memory/remember", new { content = contents[0], client_id = clientId }, CancellationToken.None)
            : await client.PostAsJsonAsync(
                "/api/v1/memory/remember/batch",
                new { client_id = clientId, items = contents.Select(content => new { content }) },
                CancellationToken.None);
        // 503 promises nothing. Anything else but success is a fault of the service.
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            using var problem = await response.Content.ReadFromJsonAsync<JsonDocument>(CancellationToken.None);
            RefusalCodes.Add(problem!.RootElement.GetProperty("code").GetString()!);
            throw new HttpRequestException("The service is unavailable.");
        }

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(CancellationToken.None));
        using var answer = await response.Content.ReadFromJsonAsync<JsonDocument>(CancellationToken.None);
        var items = contents.Length == 1 ? [answer!.RootElement] : answer!.RootElement.GetProperty("items").EnumerateArray().ToArray();
        return [.. items.Select(item => item.GetProperty("memory_id").GetGuid())];
    }
}
