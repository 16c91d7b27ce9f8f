namespace Actors.Hosting;

/// <summary>
/// Answers, and nothing else: by it an API process knows that silos are there, whatever Postgres does. Stateless; key: any
/// text, different ones go different ways.
/// </summary>
[Alias("IPresenceGrain")]
public interface IPresenceGrain : IGrainWithStringKey
{
    /// <summary>Completes at once.</summary>
    [Alias("Answer")]
    Task AnswerAsync(CancellationToken cancellationToken);
}
