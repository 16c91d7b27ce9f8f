using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Cluster;

/// <summary>Agents that remember, change facts and recall without a pause, each about a client of its own, until told to stop.</summary>
internal sealed class ClusterLoad
{
    private readonly ConcurrentBag<string> _failures = [];
    private readonly List<PatientClient> _clients;
    private readonly List<Agent> _agents;
    private readonly Task _running;
    private int _requests;
    private volatile bool _isStopping;

    public ClusterLoad(IEnumerable<HttpClient> apis, int agents)
    {
        _clients = [.. apis.Select(api => new PatientClient(api))];
        _agents = [.. Enumerable.Range(0, agents).Select(i => new Agent($"load{i}", _clients[i % _clients.Count]))];
        _running = Task.WhenAll(_agents.Select(agent => Task.Run(() => RunAsync(agent))));
    }

    /// <summary>Answers that an agent could do nothing with.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public IReadOnlyList<Agent> Agents => _agents;

    public int Requests => _requests;

    public int Repeats => _clients.Sum(client => client.Repeats);

    /// <summary>Lets each agent finish what it is at.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return _running;
    }

    private async Task RunAsync(Agent agent)
    {
        for (var round = 0; !_isStopping; round++)
        {
            var content = $"word{Guid.NewGuid():N} written in round {round}";
            var (status, memory) = await agent.Client.PostAsync("/api/v1/memory/remember", new { client_id = agent.ClientId, content });
            if (Succeeded(agent, "remember", status, memory))
            {
                agent.Remembered.Add((memory!["memory_id"]!.GetValue<Guid>(), content));
                var (recallStatus, recalled) = await agent.Client.GetAsync($"/api/v1/memory/recall?client_id={agent.ClientId}&query={content.Split(' ')[0]}");
                if (Succeeded(agent, "recall", recallStatus, recalled) && recalled!["result_count"]!.GetValue<int>() != 1)
                {
                    _failures.Add($"{agent.ClientId} did not recall what it had just remembered: {recalled.ToJsonString()}");
                }
            }

            await WriteFactAsync(agent, round);
        }
    }

    private async Task WriteFactAsync(Agent agent, int round)
    {
        var content = $"Round {round}.";
        var (status, fact) = agent.FactId is { } id
            ? await agent.Client.PostAsync($"/api/v1/memory/facts/{id}/update", new { content })
            : await agent.Client.PostAsync("/api/v1/memory/facts", new
            {
                client_id = agent.ClientId, subject_type = "agent", subject_id = agent.ClientId, fact_type = "round", fact_key = "round", content,
            });
        if (Succeeded(agent, "fact", status, fact))
        {
            agent.FactId = fact!["fact_id"]!.GetValue<Guid>();
            agent.FactContent = content;
            agent.FactChanges++;
        }
    }

    private bool Succeeded(Agent agent, string what, int status, JsonNode? body)
    {
        Interlocked.Increment(ref _requests);
        if (status is 200 or 201)
        {
            return true;
        }

        _failures.Add($"{agent.ClientId} {what}: {status} {body?.ToJsonString()}");
        return false;
    }

    /// <summary>One client, and what was acknowledged to it.</summary>
    internal sealed class Agent(string clientId, PatientClient client)
    {
        public string ClientId => clientId;

        public PatientClient Client => client;

        public List<(Guid Id, string Content)> Remembered { get; } = [];

        public Guid? FactId { get; set; }

        public string? FactContent { get; set; }

        public int FactChanges { get; set; }
    }
}
