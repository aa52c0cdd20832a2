const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

/**
 * Every limit of the wire, in one place. Schemas and codecs name these; senders are held to them as receivers
 * are, so that what one side sends is never what the other refuses.
 *
 * Names end in their unit: `…Bytes`, `…Ms`; a plain plural counts items.
 */
export const LIMITS = {
  // Text and ids
  /** A PeerId, CID or address as text. */
  idBytes: 128,
  /** A name that people read: of a model, backend, region, method, error code. */
  nameBytes: 256,
  /** A file's name in its folder (as on common file systems). */
  fileNameBytes: 255,
  /** The name of a model's input or output: exporters make long ones. */
  tensorNameBytes: 1 * KiB,
  /** A sentence or two for a person to read. */
  textBytes: 4 * KiB,
  /** A nonce or proof of the membership handshake. */
  proofBytes: 32,

  // Tensors
  /** Inputs, or outputs, of one run. */
  tensors: 1024,
  /** Dimensions of one tensor. */
  tensorRank: 32,
  /** Payload of one tensor frame. */
  tensorBytes: 2 * GiB,
  /** Elements of one string tensor. */
  tensorStrings: 1 * MiB,

  // Calls
  /** Attachments of one message. */
  attachments: 1024,
  /** The head of one frame: method, deadline, trace, attachment sizes. */
  frameHeadBytes: 8 * KiB,
  /** The body of one frame, whatever the message. */
  frameBodyBytes: 4 * MiB,
  /** A method's name. */
  methodBytes: 64,
  /** The longest deadline a call can state: one day. */
  deadlineMs: 86_400_000,
  /** An error frame's body. */
  errorBytes: 16 * KiB,
  /** An error's details as JSON. */
  errorDetailsBytes: 8 * KiB,

  // Messages
  /** Messages of a few fields. */
  smallMessageBytes: 8 * KiB,
  /** A request or result of one run, tensors apart. */
  inferMessageBytes: 256 * KiB,
  /** Tensors of one run, either way. */
  inferAttachmentBytes: 1 * GiB,
  /** A model's inputs and outputs. */
  signatureMessageBytes: 1 * MiB,
  /** One offer. */
  offerBytes: 128 * KiB,
  /** One offer in its envelope. */
  offerEnvelopeBytes: 129 * KiB,
  /** Offers in one answer. */
  offers: 4096,
  /** The offers in one answer. */
  offerListBytes: 2 * MiB,
  /** Models in one offer. */
  hostedModels: 512,
  /** Inner nodes of artifacts in one answer. */
  artifactNodes: 64,
  /** The inner nodes of artifacts in one answer. */
  artifactAttachmentBytes: 16 * MiB,
  /** One block of an artifact, inner node or leaf: what IPFS nodes exchange at most. */
  artifactBlockBytes: 2 * MiB,

  // Envelopes
  /** A signing domain. */
  domainBytes: 64,
  /** One envelope, unless its reader says less. */
  envelopeBytes: 1 * MiB,
  /** One gossip message. */
  gossipBytes: 256 * KiB,

  // Ledger
  /** A SHA-256 hash: ids of transactions and blocks, roots, the bytes of an address. */
  hashBytes: 32,
  /** An Ed25519 public key. */
  publicKeyBytes: 32,
  /** An Ed25519 signature. */
  signatureBytes: 64,
  /** The name of a chain. */
  chainIdBytes: 48,
  /** A memo. */
  memoBytes: 128,
  /** The kind of an action or event: `channels/open`. */
  actionKindBytes: 64,
  /** The payload of one action. */
  actionBytes: 32 * KiB,
  /** Actions of one transaction. */
  actions: 32,
  /** The signed part of a transaction. */
  transactionBodyBytes: 64 * KiB,
  /** Keys of one account, and so signatures of one signer. */
  accountKeys: 16,
  /** The keys of one account. */
  keySetBytes: 2 * KiB,
  /** Lots of earned coins that one purse tells apart: seven months cover every age that counts. */
  lots: 7,
  /** Times at which coins of one account have vested: 18 steps and the one that is under way. */
  vestings: 20,
  /** One account. */
  accountBytes: 8 * KiB,
  /** Kinds of coins. */
  coinKinds: 32,
  /** Parameters of a ledger. */
  parameters: 512,
  /** All parameters of a ledger. */
  parametersBytes: 64 * KiB,
  /** Small records of the ledger about itself. */
  supplyBytes: 4 * KiB,
  /** A voucher of a channel. */
  voucherBytes: 256,
  /** A voucher with its signature. */
  signedVoucherBytes: 384,
  /** What a node keeps of one channel. */
  tillRecordBytes: 1 * KiB,
  /** A channel, a job, or another small record with coins in it. */
  escrowBytes: 1 * KiB,
  /** Epochs that evidence may reach back. */
  evidenceEpochs: 66,
  /** Slashes of one validator. */
  slashes: 32,
  /** One validator of the ledger. */
  validatorRecordBytes: 8 * KiB,
  /** Bonds of one account. */
  bonds: 32,
  /** Validators that coins left and still answer for. */
  liabilities: 4,
  /** The same with the one that they left last. */
  unbondingLiabilities: 5,
  /** Coins of one account, or of one node, that are on their way back. */
  unbondings: 32,
  /** What one account has bonded. */
  stakerRecordBytes: 64 * KiB,
  /** Validators that may be elected. */
  candidates: 512,
  /** All of them. */
  candidatesBytes: 32 * KiB,
  /** Elections that evidence may still be about. */
  elections: 512,
  /** All of them. */
  electionsBytes: 32 * KiB,
  /** Small records of staking and of the exit queue. */
  stakingSmallBytes: 256,
  /** One node of the ledger. */
  nodeRecordBytes: 16 * KiB,
  /** Requests of one account in the exit queue: one an epoch, and none lasts longer than a hundred. */
  exitPositions: 128,
  /** All of them. */
  exitAccountBytes: 64 * KiB,
  /** Signatures of one transaction: of the sender and of who pays its fee. */
  transactionSignatures: 32,
  /** A transaction with its signatures. */
  transactionBytes: 68 * KiB,
  /** Blocks for which a transaction may wait: hours under load, a week where nothing happens. */
  transactionTermBlocks: 10_000,
  /** Transactions of one block. */
  blockTransactions: 16_384,
  /** One block. */
  blockBytes: 8 * MiB,
  /** Evidence of one block. */
  blockEvidence: 64,
  /** One piece of evidence. */
  evidenceBytes: 64 * KiB,
  /** Validators of one set, and so signatures of one commit. */
  validators: 128,
  /** A vote. */
  voteBytes: 256,
  /** A header, vote, commit or part's proof. */
  consensusMessageBytes: 64 * KiB,
  /** A part of a proposed block. */
  blockPartBytes: 64 * KiB,
  /** Hashes in the proof of a part. */
  blockPartProof: 8,
  /** A proposal, part, vote or quorum of votes, as validators send it. */
  consensusGossipBytes: 72 * KiB,
  /** One entry of a validator's log; a block may be in it. */
  consensusRecordBytes: 9 * MiB,
  /** Validators whose power one block changes. */
  validatorUpdates: 256,
  /** Messages that a signer remembers: those of two rounds. */
  signerMessages: 6,
  /** Rounds in a validator's summary of a height. */
  consensusRounds: 8,
  /** Blocks in a validator's summary of a height. */
  consensusBlocks: 64,
  /** A bit for each validator, or for each part of a block. */
  consensusBitBytes: 16,
  /** A key of the ledger's state. */
  stateKeyBytes: 256,
  /** The proof of a value of the ledger's state: about 1 kB at a million accounts, this where every step is full. */
  stateProofBytes: 12_482,
  /** What nodes of a chain tell each other at once. */
  chainGossipBytes: 1 * MiB,
  /** Waiting transactions in one message of gossip. */
  gossipTransactions: 1_024,
  /** Peers that a node says it hears itself. */
  chainSources: 128,
  /** Blocks and commits in one answer. */
  chainBlocksBytes: 32 * MiB,
  /** A transaction and what became of it. */
  chainTransactionBytes: 76 * KiB,
  /** What validators agree on of a transaction that is in a block, encoded. */
  receiptRecordBytes: 384,
  /** Levels of a tree over a block's transactions. */
  merkleSteps: 14,
  /** Values of the state in one answer. */
  chainValues: 64,
  /** The keys of them. */
  chainValuesRequestBytes: 20 * KiB,
  /** Values with their proofs. */
  chainValuesBytes: 4 * MiB,
  /** Lines of an account's history in one answer. */
  chainHistory: 256,
  /** The same, encoded; and a list of snapshots. */
  chainHistoryBytes: 16 * KiB,
  /** The chain up to a block, as a node keeps it. */
  appliedHeadBytes: 128 * KiB,
  /** Evidence that no block has yet, as a node keeps it. */
  keptEvidenceBytes: 8 * MiB,
  /** What a block did, as a node keeps it. */
  blockResultsBytes: 64 * MiB,
  /** Events of the rules before and after a block's transactions. */
  blockEvents: 16_384,
  /** Events of one transaction. */
  transactionEvents: 1_024,
  /** Accounts that one event is about. */
  eventAccounts: 64,
  /** Details of one event. */
  eventFields: 32,
  /** A genesis as a file: some hundred thousand accounts. */
  genesisBytes: 32 * MiB,
  /** Signatures under a genesis. */
  genesisSignatures: 256,
  /** Snapshots that a node tells of. */
  chainSnapshots: 16,
} as const
