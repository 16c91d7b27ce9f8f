namespace Actors.Hosting.Tests.Grains;

[Alias("test.state")]
public interface IStateGrain : IGrainWithStringKey
{
    [Alias("Get")]
    Task<string> GetAsync();

    [Alias("Set")]
    Task SetAsync(string text);

    [Alias("Clear")]
    Task ClearAsync();

    [Alias("Activation")]
    Task<Guid> ActivationAsync();

    [Alias("SetThere")]
    Task SetThereAsync(string otherGrain, string text);

    [Alias("SetByTimer")]
    Task SetByTimerAsync(string text, TimeSpan dueTime);
}

// Orleans reads only types back that say they can be serialised.
[GenerateSerializer, Alias("test.note")]
public sealed class NoteState
{
    [Id(0)]
    public string Text { get; set; } = "nothing";
}

[GrainType("test-state")]
public sealed class StateGrain([PersistentState("note", "store")] IPersistentState<NoteState> note) : Grain, IStateGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private string? _readOnActivation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _readOnActivation = note.State.Text;
        return Task.CompletedTask;
    }

    public Task<string> GetAsync() => Task.FromResult($"{_readOnActivation} then {note.State.Text}, stored {note.RecordExists}");

    public async Task SetAsync(string text)
    {
        note.State.Text = text;
        await note.WriteStateAsync();
    }

    public Task ClearAsync() => note.ClearStateAsync();

    public Task<Guid> ActivationAsync() => Task.FromResult(_activation);

    public Task SetThereAsync(string otherGrain, string text) => GrainFactory.GetGrain<IStateGrain>(otherGrain).SetAsync(text);

    public Task SetByTimerAsync(string text, TimeSpan dueTime)
    {
        this.RegisterGrainTimer(_ => SetAsync(text), new GrainTimerCreationOptions(dueTime, Timeout.InfiniteTimeSpan));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Stage.Of(this.GetPrimaryKeyString()).Happened("deactivated " + reason.ReasonCode);
        return Task.CompletedTask;
    }
}
