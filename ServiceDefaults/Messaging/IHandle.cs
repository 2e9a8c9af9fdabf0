using Son1kVers3.Contracts;

namespace Son1kVers3.ServiceDefaults.Messaging;

/// <summary>Applies a message to the service's state.</summary>
/// <remarks>
/// Runs inside the transaction of the inbox: write through the scope's context or its connection, return the events that follow
/// (<c>[]</c> for none), and neither save nor commit; both happen afterwards, together with the record that the message was applied.
/// A command that follows (a message that is no event) goes through <see cref="Outbox"/>.
/// Throwing undoes everything; the message comes again, later from the <c>_error</c> queue.
/// </remarks>
public interface IHandle<in TMessage>
    where TMessage : class
{
    /// <summary>Applies <paramref name="message"/> and returns the events that follow from it, to be published if the transaction commits.</summary>
    Task<Event[]> HandleAsync(TMessage message, CancellationToken cancellationToken);
}

/// <summary>Answers a question of another service. May be asked twice: the answer must be idempotent by the question's own id.</summary>
public interface IAnswer<in TQuestion, TAnswer>
    where TQuestion : class
    where TAnswer : class
{
    /// <summary>Decides and returns the answer.</summary>
    Task<TAnswer> AnswerAsync(TQuestion question, CancellationToken cancellationToken);
}
