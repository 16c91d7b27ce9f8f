using System.Collections.Immutable;
using Actors.Idempotency;

namespace Actors.Patterns;

/// <summary>A service blueprint to store.</summary>
/// <param name="Name">What the service is called: 1 to 200 characters.</param>
/// <param name="Description">What it is.</param>
/// <param name="Status">Whether it is to be used.</param>
/// <param name="WorkflowSequence">The workflows it is made of, in order.</param>
/// <param name="IdempotencyKey">By what a repeat of the request is recognised.</param>
[GenerateSerializer, Immutable, Alias("NewBlueprint")]
public sealed record NewBlueprint(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Description,
    [property: Id(2)] WorkflowStatus Status,
    [property: Id(3)] ImmutableArray<Guid> WorkflowSequence,
    [property: Id(4)] IdempotencyKey? IdempotencyKey = null)
{
    /// <summary>Most workflows of a blueprint.</summary>
    public const int MaxWorkflows = 500;
}

/// <summary>What to change of a service blueprint.</summary>
/// <param name="Name">New name; null: as it is.</param>
/// <param name="Description">New description; null: as it is.</param>
/// <param name="Status">New status; null: as it is.</param>
/// <param name="WorkflowSequence">New workflows, all of them; default (not given): as they are.</param>
[GenerateSerializer, Immutable, Alias("BlueprintChange")]
public sealed record BlueprintChange(
    [property: Id(0)] string? Name = null,
    [property: Id(1)] Given<string>? Description = null,
    [property: Id(2)] WorkflowStatus? Status = null,
    [property: Id(3)] ImmutableArray<Guid> WorkflowSequence = default);

/// <summary>A stored service blueprint.</summary>
/// <param name="Id">Its id (UUID version 7).</param>
/// <param name="Name">What the service is called.</param>
/// <param name="Description">What it is.</param>
/// <param name="Status">Whether it is to be used.</param>
/// <param name="WorkflowSequence">The workflows it is made of, in order.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
[GenerateSerializer, Immutable, Alias("BlueprintRecord")]
public sealed record BlueprintRecord(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string? Description,
    [property: Id(3)] WorkflowStatus Status,
    [property: Id(4)] ImmutableArray<Guid> WorkflowSequence,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset UpdatedAt);

/// <summary>One page of service blueprints.</summary>
/// <param name="Blueprints">The blueprints.</param>
/// <param name="HasMore">Whether there is a next page.</param>
[GenerateSerializer, Immutable, Alias("BlueprintPage")]
public sealed record BlueprintPage([property: Id(0)] ImmutableArray<BlueprintRecord> Blueprints, [property: Id(1)] bool HasMore);
