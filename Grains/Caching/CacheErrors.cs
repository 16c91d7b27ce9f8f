namespace Actors.Caching;

/// <summary>The shared cache could not be reached; repeat later. Stays within the grain that asked.</summary>
internal sealed class CacheUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
