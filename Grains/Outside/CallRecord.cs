namespace Actors.Outside;

/// <summary>What the last calls of a process to a service outside came to, for whoever looks after it. Thread safe.</summary>
internal sealed class CallRecord(TimeProvider time)
{
    private volatile CallState _state = new(null, null, null, null);

    public CallState State => _state;

    public void Succeeded(TimeSpan took) => _state = new CallState(IsWell: true, SinceWhenIs(true), took, null);

    /// <param name="why">Nothing that anybody sent.</param>
    public void Failed(string why) => _state = new CallState(IsWell: false, SinceWhenIs(false), _state.Latency, why);

    private DateTimeOffset SinceWhenIs(bool isWell) => _state is { Since: { } since } known && known.IsWell == isWell ? since : time.GetUtcNow();
}

/// <summary>See <see cref="CallRecord"/>.</summary>
/// <param name="IsWell">Whether the last call succeeded; null: there was none.</param>
/// <param name="Since">Since when calls have come to that.</param>
/// <param name="Latency">How long the last one that succeeded took; null: none did.</param>
/// <param name="Why">Why the last one failed; null: it did not.</param>
internal sealed record CallState(bool? IsWell, DateTimeOffset? Since, TimeSpan? Latency, string? Why);
