using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Zep;

namespace Actors.Grains.Tests.Zep;

/// <summary>Answers each call as told, for what stands between the service and its client of Zep; the client itself is tested over HTTP.</summary>
internal sealed class ScriptedZep : IZep
{
    private readonly ConcurrentQueue<string> _calls = new();

    /// <summary>What the next calls come to, the first first; then <see cref="Otherwise"/>.</summary>
    public ConcurrentQueue<ZepAnswer> Next { get; } = new();

    /// <summary>What all other calls come to.</summary>
    public ZepAnswer Otherwise { get; set; } = new();

    /// <summary>What is done before an answer.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The calls so far, in their order.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    public Task<ZepAnswer> EnsureUserAsync(string userId, CancellationToken cancellationToken) => AnswerAsync($"user {userId}", cancellationToken);

    public Task<ZepAnswer> EnsureThreadAsync(string threadId, string userId, CancellationToken cancellationToken) => AnswerAsync($"thread {threadId}", cancellationToken);

    public Task<ZepAnswer<ImmutableArray<string>>> AddMessagesAsync(string threadId, ImmutableArray<ZepMessage> messages, CancellationToken cancellationToken) =>
        AnswerAsync($"messages {string.Join(", ", messages.Select(message => message.Content))}", messages.Select(message => $"{message.Id}").ToImmutableArray(), cancellationToken);

    public Task<ZepAnswer<bool>> RemoveMessageAsync(string messageId, CancellationToken cancellationToken) => AnswerAsync("remove message", true, cancellationToken);

    public Task<ZepAnswer<string>> AddFactAsync(string userId, ZepTriple fact, CancellationToken cancellationToken) =>
        AnswerAsync($"fact {fact.Fact}", $"edge of {fact.Fact}", cancellationToken);

    public Task<ZepAnswer> ChangeFactAsync(string edgeId, ZepTriple fact, CancellationToken cancellationToken) =>
        AnswerAsync($"change {edgeId} to {fact.Fact}{(fact.InvalidAt is null ? "" : ", ended")}", cancellationToken);

    public Task<ZepAnswer<bool>> RemoveFactAsync(string edgeId, CancellationToken cancellationToken) => AnswerAsync($"remove {edgeId}", true, cancellationToken);

    public Task<ZepAnswer> RemoveUserAsync(string userId, CancellationToken cancellationToken) => AnswerAsync($"remove user {userId}", cancellationToken);

    public Task<ZepAnswer<ImmutableArray<ZepHit>>> SearchAsync(string userId, string query, int limit, CancellationToken cancellationToken) =>
        AnswerAsync<ImmutableArray<ZepHit>>($"search {query}", [], cancellationToken);

    public Task<ZepAnswer> PingAsync(CancellationToken cancellationToken) => AnswerAsync("ping", cancellationToken);

    private async Task<ZepAnswer> AnswerAsync(string call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(call);
        await Before(call, cancellationToken);
        return Next.TryDequeue(out var next) ? next : Otherwise;
    }

    private async Task<ZepAnswer<T>> AnswerAsync<T>(string call, T value, CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(call, cancellationToken);
        return new ZepAnswer<T> { Failure = answer.Failure, RetryAfter = answer.RetryAfter, Rate = answer.Rate, Detail = answer.Detail, Value = answer.Failure is null ? value : default! };
    }
}
