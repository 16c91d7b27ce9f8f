using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;

namespace Actors.Embedded;

/// <summary>One named state of an activation, kept as JSON. Changed in memory first; only a write makes it durable.</summary>
internal sealed class PersistentState<TState>(Activation activation, string stateName) : IPersistentState<TState>
{
    private readonly IGrainStateTable _table = activation.ActivationServices.GetService<IGrainStateTable>()
        ?? throw new InvalidOperationException($"{activation.Class.Name} has persistent state, but no {nameof(IGrainStateTable)} is registered.");

    private readonly string _grainId = activation.GrainId.ToString();

    public TState State { get; set; } = Activator.CreateInstance<TState>();

    public string? Etag { get; private set; }

    public bool RecordExists { get; private set; }

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public async Task ReadStateAsync(CancellationToken cancellationToken)
    {
        var row = await _table.ReadAsync(_grainId, stateName, cancellationToken);
        State = row is null ? Activator.CreateInstance<TState>() : JsonSerializer.Deserialize<TState>(row.Json)!;
        Etag = row?.Etag;
        RecordExists = row is not null;
    }

    public async Task WriteStateAsync(CancellationToken cancellationToken)
    {
        Etag = await _table.WriteAsync(_grainId, stateName, JsonSerializer.Serialize(State), Etag, cancellationToken);
        RecordExists = true;
    }

    public async Task ClearStateAsync(CancellationToken cancellationToken)
    {
        await _table.ClearAsync(_grainId, stateName, Etag, cancellationToken);
        State = Activator.CreateInstance<TState>();
        Etag = null;
        RecordExists = false;
    }
}

internal static class PersistentStates
{
    /// <summary>What makes the state that a constructor parameter asks for.</summary>
    public static Func<Activation, IStorage> Factory(ParameterInfo parameter)
    {
        var stateName = parameter.GetCustomAttribute<PersistentStateAttribute>()!.StateName;
        var type = typeof(PersistentState<>).MakeGenericType(parameter.ParameterType.GetGenericArguments()[0]);
        var construct = type.GetConstructors().Single();
        return activation => (IStorage)construct.Invoke(BindingFlags.DoNotWrapExceptions, null, [activation, stateName], null);
    }
}
