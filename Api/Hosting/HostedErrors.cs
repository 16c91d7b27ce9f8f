namespace Actors.Hosting;

/// <summary>No silo answers, so the call was not made. Repeating later is safe.</summary>
internal sealed class NotHostedException(string message) : Exception(message);

/// <summary>The silo that a call was sent to is gone: the call may have been carried out or not.</summary>
internal sealed class SiloLostException() : OrleansException("The silo was lost while it worked on the request.");
