package protocol

// answerAtMost is the number of bytes that are read of the response to a POST.
const answerAtMost = 64 << 10
