using Actors.Access;

namespace Actors.Work;

/// <summary>Reads of tasks, projects and sprints, from Postgres. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IWorkQueryGrain")]
public interface IWorkQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "work";

    /// <summary>A task; null when there is none, or the caller may not see it.</summary>
    [Alias("FindTask")]
    Task<TaskRecord?> FindTaskAsync(Guid taskId, ClientVisibility visibility, CancellationToken cancellationToken);

    /// <summary>One page of tasks, newest first.</summary>
    [Alias("ListTasks")]
    Task<TaskPage> ListTasksAsync(TaskListRequest request, CancellationToken cancellationToken);

    /// <summary>A project; null when there is none, or the caller may not see it.</summary>
    [Alias("FindProject")]
    Task<ProjectRecord?> FindProjectAsync(Guid projectId, ClientVisibility visibility, CancellationToken cancellationToken);

    /// <summary>One page of projects, newest first.</summary>
    [Alias("ListProjects")]
    Task<ProjectPage> ListProjectsAsync(ProjectListRequest request, CancellationToken cancellationToken);

    /// <summary>A client's sprint of a week; null when there is none.</summary>
    /// <param name="clientId">Whose, which the caller may see; null: the house's.</param>
    /// <param name="week">Which week; null: the current one, in the configured zone.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("FindSprint")]
    Task<SprintRecord?> FindSprintAsync(string? clientId, SprintWeek? week, CancellationToken cancellationToken);

    /// <summary>One page of sprints, newest week first.</summary>
    [Alias("ListSprints")]
    Task<SprintPage> ListSprintsAsync(SprintListRequest request, CancellationToken cancellationToken);

    /// <summary>How much of a client's week is planned, whether it has a sprint or not.</summary>
    /// <param name="clientId">Whose, which the caller may see; null: the house's.</param>
    /// <param name="week">Which week; null: the current one, in the configured zone.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("Capacity")]
    Task<WeekCapacity> CapacityAsync(string? clientId, SprintWeek? week, CancellationToken cancellationToken);
}
