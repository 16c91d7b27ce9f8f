using Microsoft.Extensions.Logging;

namespace Actors.Embeddings;

/// <summary>
/// Gives memories their vectors, a batch at a time. A batch whose texts may be why it failed is halved until one memory is left. When the
/// endpoint takes another text, and then again not that one, the memory is passed over until its content changes. Not thread safe.
/// </summary>
internal sealed partial class EmbeddingSweep(EmbeddingStore store, EmbeddingEndpoint endpoint, EmbeddingMetrics metrics, EmbeddingsOptions options, ILogger logger)
{
    // Any text that every model takes.
    private const string Harmless = "memory";

    private const int MostPassedOver = 10_000;

    private readonly EmbeddingBacklog _backlog = new(store, options.ModelKey);
    private readonly HashSet<(Guid Id, Guid ContentHash)> _passedOver = [];
    private int _batchSize = options.BatchSize;
    // The memory that failed alone, and whether the endpoint has been seen to take another text since.
    private Guid? _suspect;
    private bool _isEndpointWell;

    /// <summary>How many memories are known to be without a vector.</summary>
    public int Waiting => _backlog.Waiting;

    /// <summary>How many vectors were stored so far.</summary>
    public long Stored { get; private set; }

    /// <summary>Why the last batch got no vectors; null: it got them.</summary>
    public EmbeddingFailure? LastFailure { get; private set; }

    /// <summary>Has all clients looked through again.</summary>
    public void LookThroughClients() => _backlog.LookThroughClients();

    /// <summary>Looks for memories and gives one batch of them their vectors.</summary>
    /// <returns>Whether to go on at once: neither is nothing left, nor does the endpoint want to be left alone.</returns>
    /// <exception cref="Storage.StorageUnavailableException">Postgres cannot be reached; nothing is lost.</exception>
    /// <exception cref="Storage.OutcomeUnknownException">The connection broke; nothing is lost.</exception>
    /// <exception cref="Hosting.WritesSuspendedException">This host may not write now; nothing is lost.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await _backlog.LookAsync(cancellationToken);
        metrics.Waiting(Waiting);
        if (_suspect is not null && !_isEndpointWell && !await TryHarmlessAsync(cancellationToken))
        {
            return false;
        }

        var taken = _backlog.Take(_batchSize);
        var isSettled = false;
        try
        {
            isSettled = taken.Length > 0 && await EmbedAsync(taken, cancellationToken);
        }
        finally
        {
            if (!isSettled)
            {
                _backlog.PutBack(taken);
            }

            metrics.Waiting(Waiting);
        }

        return isSettled || (taken.Length > 0 && LastFailure == EmbeddingFailure.Refused);
    }

    /// <returns>Whether nothing is left to be done for them.</returns>
    private async Task<bool> EmbedAsync(Guid[] taken, CancellationToken cancellationToken)
    {
        var contents = await store.ReadContentsAsync(options.ModelKey, taken, options.LongestText, cancellationToken);
        contents = contents.RemoveAll(memory => _passedOver.Contains((memory.Id, memory.ContentHash)));
        if (contents.IsEmpty)
        {
            return true;
        }

        var outcome = await endpoint.EmbedAsync([.. contents.Select(memory => options.MemoryPrefix + memory.Text)], isQuestion: false, cancellationToken);
        LastFailure = outcome.Failure;
        if (outcome.Failure is null)
        {
            var stored = await store.StoreAsync(options.ModelKey, [.. contents.Zip(outcome.Vectors)]);
            if (stored < contents.Length)
            {
                _backlog.LeaveUnsettled();
            }

            Stored += stored;
            metrics.Embedded(stored);
            // As long as one is suspected, it has to come alone again.
            _batchSize = _suspect is null ? Math.Min(options.BatchSize, _batchSize * 2) : 1;
            return true;
        }

        if (!outcome.MayBeTheTexts)
        {
            return false;
        }

        if (contents.Length == 1 && contents[0].Id == _suspect && _isEndpointWell)
        {
            PassOver(contents[0]);
            return true;
        }

        _batchSize = Math.Max(1, Math.Min(_batchSize, contents.Length) / 2);
        (_suspect, _isEndpointWell) = (contents.Length == 1 ? contents[0].Id : null, false);
        return false;
    }

    // Tells whether it is the memory, or the endpoint that takes no text at all.
    private async Task<bool> TryHarmlessAsync(CancellationToken cancellationToken)
    {
        var outcome = await endpoint.EmbedAsync([Harmless], isQuestion: false, cancellationToken);
        LastFailure = outcome.Failure;
        _isEndpointWell = outcome.Failure is null;
        if (outcome.Failure == EmbeddingFailure.Refused)
        {
            endpoint.Pause(outcome);
        }

        if (!_isEndpointWell && outcome.WasAsked)
        {
            _suspect = null;
        }

        return _isEndpointWell;
    }

    private void PassOver(MemoryContent memory)
    {
        if (_passedOver.Count >= MostPassedOver)
        {
            _passedOver.Clear();
        }

        _passedOver.Add((memory.Id, memory.ContentHash));
        _suspect = null;
        metrics.PassedOver();
        LogPassedOver(memory.TableName, memory.Id);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embeddings endpoint takes other texts but not that of {TableName} {MemoryId}; it gets no vector")]
    private partial void LogPassedOver(string tableName, Guid memoryId);
}
