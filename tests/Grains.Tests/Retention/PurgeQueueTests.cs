using System.Collections.Immutable;
using Actors.Retention;
using Actors.Storage;
using Npgsql;

namespace Actors.Grains.Tests.Retention;

public sealed class PurgeQueueTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    // By client: when a row of theirs is over.
    private readonly List<(string ClientId, DateTimeOffset End)> _rows = [];
    private readonly HashSet<string> _heldByOperators = [];
    private readonly PurgeQueue<DateTimeOffset> _queue;

    public PurgeQueueTests() => _queue = new PurgeQueue<DateTimeOffset>(FindAsync, DeleteAsync);

    [Fact]
    public async Task what_is_over_only_since_an_earlier_look_is_deleted_before_nothing_is_left()
    {
        _rows.AddRange([("held", Start), ("held", Start), ("free", Start.AddHours(1))]);
        _heldByOperators.Add("held");
        Assert.True(await StepAsync(Start));

        // As the next tick does, which comes later.
        while (await StepAsync(Start.AddHours(1)))
        {
        }

        Assert.Equal(["held", "held"], _rows.Select(row => row.ClientId));
    }

    [Fact]
    public async Task who_was_held_is_tried_again_once_nothing_else_was_left()
    {
        _rows.AddRange([("held", Start), ("free", Start)]);
        _heldByOperators.Add("held");
        while (await StepAsync(Start))
        {
        }

        Assert.Equal(["held"], _rows.Select(row => row.ClientId));
        _heldByOperators.Clear();
        Assert.True(await StepAsync(Start));
        Assert.False(await StepAsync(Start));
        Assert.Empty(_rows);
        Assert.Equal(2, _queue.Deleted);
    }

    private Task<bool> StepAsync(DateTimeOffset horizon) => _queue.StepAsync(horizon, TestContext.Current.CancellationToken);

    private Task<ImmutableArray<(string ClientId, DateTimeOffset Row)>> FindAsync(
        DateTimeOffset horizon, ImmutableArray<string> butOf, int limit, CancellationToken cancellationToken) => Task.FromResult(
        _rows.Where(row => row.End <= horizon && !butOf.Contains(row.ClientId)).Take(limit).ToImmutableArray());

    private Task<int> DeleteAsync(string clientId, ImmutableArray<DateTimeOffset> rows, DateTimeOffset horizon) => _heldByOperators.Contains(clientId)
        ? Task.FromException<int>(new StorageUnavailableException(
            "held", new PostgresException("canceling statement due to lock timeout", "ERROR", "ERROR", PostgresErrorCodes.LockNotAvailable)))
        : Task.FromResult(_rows.RemoveAll(row => row.ClientId == clientId && row.End <= horizon));
}
