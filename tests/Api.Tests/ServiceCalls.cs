using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Actors.Api.Tests;

/// <summary>What tests that break the service ask of it.</summary>
internal static class ServiceCalls
{
    /// <summary>All events of a client, page by page.</summary>
    public static async Task<List<(Guid Id, string Content)>> ListEventsAsync(this HttpClient client, string clientId)
    {
        var events = new List<(Guid, string)>();
        var cursor = "";
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/memory/events?client_id={clientId}&limit=500{cursor}");
            events.AddRange(page.GetProperty("items").EnumerateArray()
                .Select(e => (e.GetProperty("memory_id").GetGuid(), e.GetProperty("content").GetString()!)));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        return events;
    }

    /// <summary>Ids of what is recalled for the one word by which a <see cref="RememberLoop"/> makes a memory unique.</summary>
    public static async Task<Guid[]> RecallByFirstWordAsync(this HttpClient client, string clientId, string content)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>($"/api/v1/memory/recall?client_id={clientId}&query={content.Split(' ')[0]}");
        return [.. answer.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("memory_id").GetGuid())];
    }

    /// <summary>SIGKILL to the private server of a data folder. Returns when it is gone.</summary>
    public static async Task KillPostgresAsync(string dataFolder)
    {
        var pidFile = Path.Combine(dataFolder, "postgres", "cluster", "postmaster.pid");
        using var postgres = Process.GetProcessById(int.Parse((await File.ReadAllLinesAsync(pidFile))[0], null));
        postgres.Kill();
        await postgres.WaitForExitAsync();
    }
}
