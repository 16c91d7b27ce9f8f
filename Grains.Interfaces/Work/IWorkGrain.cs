using Actors.Facts;
using Actors.Sessions;
using Actors.Storage;

namespace Actors.Work;

/// <summary>The only writer of a client's tasks, projects and sprints in the service; operators may write them by SQL too. Key: <see cref="KeyOf"/>.</summary>
/// <remarks>
/// Every method throws <see cref="StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when
/// nothing was written and a later repeat is safe, and <see cref="OutcomeUnknownException"/> when the commit's answer was
/// lost. A cancellation token has no effect once a write was sent. Those that take an idempotency key throw
/// <see cref="Idempotency.AlreadyAnsweredException"/> when a request with the same one was faster. Those that take expected
/// versions (null: any) compare them in the transaction that writes, and throw <see cref="VersionMismatchException"/>.
/// </remarks>
[Alias("IWorkGrain")]
public interface IWorkGrain : IGrainWithStringKey
{
    /// <summary>The key of a client's work, as that of its session; null: the house's.</summary>
    public static string KeyOf(string? clientId) => SessionKey.Of(clientId ?? FactSubjectKey.House);

    /// <summary>Stores a task.</summary>
    /// <exception cref="WorkRefusedException">The client has no such project or no such task to depend on, or it ends before it starts.</exception>
    [Alias("CreateTask")]
    Task<TaskRecord> CreateTaskAsync(NewTask task, CancellationToken cancellationToken);

    /// <summary>Changes what is given.</summary>
    /// <exception cref="WorkNotFoundException">The client has no such task.</exception>
    /// <exception cref="WorkRefusedException">As for <see cref="CreateTaskAsync"/>, or tasks would depend on each other.</exception>
    [Alias("ChangeTask")]
    Task<TaskRecord> ChangeTaskAsync(Guid taskId, TaskChange change, ExpectedVersions? expected, CancellationToken cancellationToken);

    /// <summary>Removes a task; those that depended on it do so no more.</summary>
    /// <exception cref="WorkNotFoundException">The client has no such task.</exception>
    [Alias("DeleteTask")]
    Task DeleteTaskAsync(Guid taskId, ExpectedVersions? expected, CancellationToken cancellationToken);

    /// <summary>Stores a project.</summary>
    [Alias("CreateProject")]
    Task<ProjectRecord> CreateProjectAsync(NewProject project, CancellationToken cancellationToken);

    /// <summary>Changes what is given.</summary>
    /// <exception cref="WorkNotFoundException">The client has no such project.</exception>
    [Alias("ChangeProject")]
    Task<ProjectRecord> ChangeProjectAsync(Guid projectId, ProjectChange change, ExpectedVersions? expected, CancellationToken cancellationToken);

    /// <summary>Removes a project; its tasks stay, without one.</summary>
    /// <exception cref="WorkNotFoundException">The client has no such project.</exception>
    [Alias("DeleteProject")]
    Task DeleteProjectAsync(Guid projectId, ExpectedVersions? expected, CancellationToken cancellationToken);

    /// <summary>Stores a sprint.</summary>
    /// <exception cref="SprintExistsException">The client has one in that week.</exception>
    [Alias("CreateSprint")]
    Task<SprintRecord> CreateSprintAsync(NewSprint sprint, CancellationToken cancellationToken);

    /// <summary>Changes what is given of the sprint of a week; null: the current week.</summary>
    /// <exception cref="WorkNotFoundException">The client has none in that week.</exception>
    [Alias("ChangeSprint")]
    Task<SprintRecord> ChangeSprintAsync(SprintWeek? week, SprintChange change, ExpectedVersions? expected, CancellationToken cancellationToken);

    /// <summary>Removes the sprint of a week; null: of the current week.</summary>
    /// <exception cref="WorkNotFoundException">The client has none in that week.</exception>
    [Alias("DeleteSprint")]
    Task DeleteSprintAsync(SprintWeek? week, ExpectedVersions? expected, CancellationToken cancellationToken);
}
