using Actors.Idempotency;
using Orleans.Concurrency;

namespace Actors.Changes;

/// <summary>
/// One webhook: its only writer in the service, and who sends. Key: its id. Sends what the change feed has, at least once and in order, as
/// long as it is enabled; kept alive by <see cref="IWebhookSweeperGrain"/>.
/// </summary>
/// <remarks>
/// Every method throws <see cref="Storage.StorageUnavailableException"/> or <see cref="Hosting.WritesSuspendedException"/> when nothing was
/// written and a later repeat is safe, and <see cref="Storage.OutcomeUnknownException"/> when the commit's answer was lost.
/// </remarks>
[Alias("IWebhookGrain")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Makes it, with a secret of its own.</summary>
    /// <exception cref="WebhookRefusedException">There are too many. Nothing was written.</exception>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("Create")]
    Task<WebhookAnswer> CreateAsync(NewWebhook webhook, CancellationToken cancellationToken);

    /// <summary>Changes what is given.</summary>
    /// <returns>Null when there is no such webhook.</returns>
    [Alias("Change")]
    Task<WebhookAnswer?> ChangeAsync(WebhookChange change, CancellationToken cancellationToken);

    /// <summary>Deletes it with its dead letters. A request under way is not taken back.</summary>
    /// <returns>False when there is no such webhook.</returns>
    [Alias("Delete")]
    Task<bool> DeleteAsync(CancellationToken cancellationToken);

    /// <summary>Has a dead letter tried once more; one that is delivered is deleted.</summary>
    /// <param name="letterId">The letter.</param>
    /// <param name="delay">After what time; zero: soon.</param>
    /// <param name="key">By what a repeat of the request is recognised; null: it is a new one.</param>
    /// <param name="cancellationToken">Has no effect once the write was sent.</param>
    /// <returns>Null when there is no such letter.</returns>
    /// <exception cref="AlreadyAnsweredException">A request with the same idempotency key was faster: its answer is kept.</exception>
    [Alias("RetryLetter")]
    Task<DeadLetter?> RetryLetterAsync(Guid letterId, TimeSpan delay, IdempotencyKey? key, CancellationToken cancellationToken);

    /// <summary>Deletes a dead letter.</summary>
    /// <returns>False when there is no such letter.</returns>
    [Alias("DeleteLetter")]
    Task<bool> DeleteLetterAsync(Guid letterId, CancellationToken cancellationToken);

    /// <summary>Activates it, with which it begins to send.</summary>
    [AlwaysInterleave, Alias("Wake")]
    Task WakeAsync();
}

/// <summary>Keeps the webhooks awake, woken by a reminder each minute. Key: <see cref="Key"/>.</summary>
[Alias("IWebhookSweeperGrain")]
public interface IWebhookSweeperGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "webhooks";

    /// <summary>Registers the reminder and wakes all webhooks; called at every start, so that they go on at once.</summary>
    [Alias("Start")]
    Task StartAsync();
}

/// <summary>Reads of webhooks. Stateless; key: <see cref="Key"/>.</summary>
/// <remarks>Every method throws <see cref="Storage.StorageUnavailableException"/> when Postgres cannot be reached; repeat later.</remarks>
[Alias("IWebhookQueryGrain")]
public interface IWebhookQueryGrain : IGrainWithStringKey
{
    /// <summary>The one key of this grain.</summary>
    public const string Key = "webhooks";

    /// <summary>One page of webhooks, newest first.</summary>
    /// <param name="limit">Most on the page: 1 to 500.</param>
    /// <param name="after">Last of the page before; null: the first page.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("List")]
    Task<WebhookPage> ListAsync(int limit, Guid? after, CancellationToken cancellationToken);

    /// <summary>One webhook; null when there is none of that id.</summary>
    [Alias("Find")]
    Task<WebhookRecord?> FindAsync(Guid webhookId, CancellationToken cancellationToken);

    /// <summary>One page of a webhook's dead letters, newest first; null when there is no such webhook.</summary>
    /// <param name="webhookId">The webhook.</param>
    /// <param name="limit">Most on the page: 1 to 500.</param>
    /// <param name="after">Last of the page before; null: the first page.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    [Alias("ListLetters")]
    Task<DeadLetterPage?> ListLettersAsync(Guid webhookId, int limit, Guid? after, CancellationToken cancellationToken);
}
