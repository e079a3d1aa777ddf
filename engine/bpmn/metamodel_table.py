"""The metamodel of BPMN 2.0 as a table: what each element is, which attributes it has, and what may stand in it.

Read from chapters 7 to 13 of BPMN 2.0 (OMG formal/2011-01-03). One line for each element:
``name < what it is | attributes | children``. An attribute is ``name``, ``name:type`` or ``name>kind,kind`` for a
reference; ``!`` marks what must be there. A child is a tag or, with ``@``, any element of a kind; ``?`` at most one,
``*`` any number, ``+`` at least one; ``tag>kind`` holds the id of another element. ``~`` instead of ``>`` marks a
reference that may lead out of the file.
"""

TABLE = """
base | id:id | documentation* extensionElements?
definitions < base | name !targetNamespace expressionLanguage typeLanguage exporter exporterVersion
    | import* extension* @root* relationship*
import | !importType !location !namespace |
extension | definition mustUnderstand:bool | documentation*
relationship < base | !type direction:None/Forward/Backward/Both | source+ target+
documentation | id:id textFormat:mime | *
extensionElements | | *
root < base
callable < root | name | supportedInterfaceRef~interface* ioSpecification? ioBinding*
process < callable
    | processType:None/Public/Private isClosed:bool isExecutable:bool definitionalCollaborationRef>collaboration
    | auditing? monitoring? property* laneSet* @flowElement* @artifact* @resourceRole* correlationSubscription*
      supports~process*
globalTask < callable | | @resourceRole*
globalUserTask < globalTask | implementation | rendering*
globalManualTask < globalTask
globalBusinessRuleTask < globalTask | implementation |
globalScriptTask < globalTask | scriptLanguage | script?
collaboration < root | name isClosed:bool
    | participant* messageFlow* @artifact* @conversationNode* conversationAssociation* participantAssociation*
      messageFlowAssociation* correlationKey* choreographyRef>choreography* conversationLink*
globalConversation < collaboration
choreography < collaboration | | @flowElement*
globalChoreographyTask < choreography | initiatingParticipantRef>participant |
correlationKey < base | name | correlationPropertyRef>correlationProperty*
correlationProperty < root | name type | correlationPropertyRetrievalExpression+
correlationPropertyRetrievalExpression < base | !messageRef>message | messagePath
correlationSubscription < base | !correlationKeyRef>correlationKey | correlationPropertyBinding*
correlationPropertyBinding < base | !correlationPropertyRef>correlationProperty | dataPath
participant < base | name processRef>process | interfaceRef>interface* endPointRef>endPoint* participantMultiplicity?
participantMultiplicity < base | minimum:int maximum:int |
participantAssociation < base | | innerParticipantRef>participant outerParticipantRef>participant
messageFlow < base
    | name !sourceRef>participant,activity,anyEvent,conversationNode
      !targetRef>participant,activity,anyEvent,conversationNode messageRef>message |
messageFlowAssociation < base | !innerMessageFlowRef>messageFlow !outerMessageFlowRef>messageFlow |
conversationAssociation < base
    | !innerConversationNodeRef>conversationNode !outerConversationNodeRef>conversationNode |
conversationNode < base | name | participantRef>participant* messageFlowRef>messageFlow* correlationKey*
conversation < conversationNode
subConversation < conversationNode | | @conversationNode*
callConversation < conversationNode | calledCollaborationRef~collaboration | participantAssociation*
conversationLink < base | name !sourceRef>participant,conversationNode !targetRef>participant,conversationNode |
interface < root | !name implementationRef | operation+
operation < base | !name implementationRef
    | inMessageRef>message outMessageRef>message? errorRef>error*
message < root | name itemRef>itemDefinition |
itemDefinition < root | structureRef isCollection:bool itemKind:Information/Physical |
error < root | name errorCode structureRef~itemDefinition |
escalation < root | name escalationCode structureRef~itemDefinition |
signal < root | name structureRef~itemDefinition |
resource < root | !name | resourceParameter*
resourceParameter < base | name type isRequired:bool |
category < root | name | categoryValue*
categoryValue < base | value |
dataStore < root,itemAware | name capacity:int isUnlimited:bool itemSubjectRef>itemDefinition | dataState?
endPoint < root
partnerEntity < root | name | participantRef>participant*
partnerRole < root | name | participantRef>participant*
eventDefinition < root
messageEventDefinition < eventDefinition | messageRef>message | operationRef>operation?
signalEventDefinition < eventDefinition | signalRef>signal |
errorEventDefinition < eventDefinition | errorRef>error |
escalationEventDefinition < eventDefinition | escalationRef>escalation |
conditionalEventDefinition < eventDefinition | | condition
timerEventDefinition < eventDefinition | | timeDate? timeDuration? timeCycle?
linkEventDefinition < eventDefinition | !name | source>linkEventDefinition* target>linkEventDefinition?
compensateEventDefinition < eventDefinition | waitForCompletion:bool activityRef>activity |
cancelEventDefinition < eventDefinition
terminateEventDefinition < eventDefinition
flowElement < base | name | auditing? monitoring? categoryValueRef>categoryValue*
flowNode < flowElement | | incoming>sequenceFlow* outgoing>sequenceFlow*
anyEvent < flowNode | | property*
catchEvent < anyEvent | parallelMultiple:bool
    | dataOutput* dataOutputAssociation* outputSet? @eventDefinition* eventDefinitionRef>eventDefinition*
throwEvent < anyEvent
    | | dataInput* dataInputAssociation* inputSet? @eventDefinition* eventDefinitionRef>eventDefinition*
startEvent < catchEvent | isInterrupting:bool |
intermediateCatchEvent < catchEvent
boundaryEvent < catchEvent | cancelActivity:bool attachedToRef>activity |
endEvent < throwEvent
intermediateThrowEvent < throwEvent
implicitThrowEvent < throwEvent
event < throwEvent
gateway < flowNode | gatewayDirection:Unspecified/Converging/Diverging/Mixed |
exclusiveGateway < gateway | default>sequenceFlow |
inclusiveGateway < gateway | default>sequenceFlow |
complexGateway < gateway | default>sequenceFlow | activationCondition?
parallelGateway < gateway
eventBasedGateway < gateway | instantiate:bool eventGatewayType:Exclusive/Parallel |
sequenceFlow < flowElement | sourceRef>flowNode targetRef>flowNode isImmediate:bool | conditionExpression?
dataObject < flowElement,itemAware | itemSubjectRef>itemDefinition isCollection:bool | dataState?
dataObjectReference < flowElement,itemAware | itemSubjectRef>itemDefinition dataObjectRef>dataObject | dataState?
dataStoreReference < flowElement,itemAware | itemSubjectRef>itemDefinition dataStoreRef~dataStore | dataState?
choreographyActivity < flowNode
    | loopType:None/Standard/MultiInstanceSequential/MultiInstanceParallel !initiatingParticipantRef>participant
    | participantRef>participant* correlationKey*
choreographyTask < choreographyActivity | | messageFlowRef>messageFlow*
subChoreography < choreographyActivity | | @flowElement* @artifact*
callChoreography < choreographyActivity | calledChoreographyRef~choreography | participantAssociation*
artifact < base
association < artifact | !sourceRef>base !targetRef>base associationDirection:None/One/Both |
group < artifact | categoryValueRef>categoryValue |
textAnnotation < artifact | textFormat:mime | text?
laneSet < base | name | lane*
childLaneSet < laneSet
lane < base | name partitionElementRef>base | partitionElement? flowNodeRef>flowElement* childLaneSet?
activity < flowNode | isForCompensation:bool startQuantity:count completionQuantity:count default>sequenceFlow
    | ioSpecification? property* dataInputAssociation* dataOutputAssociation* @resourceRole* @loop?
task < activity
userTask < task | implementation | rendering*
manualTask < task
businessRuleTask < task | implementation |
scriptTask < task | scriptFormat:language | script?
serviceTask < task | implementation operationRef>operation |
sendTask < task | implementation messageRef>message operationRef>operation |
receiveTask < task | implementation messageRef>message operationRef>operation instantiate:bool |
subProcess < activity | triggeredByEvent:bool | laneSet* @flowElement* @artifact*
transaction < subProcess | protocol method:method |
adHocSubProcess < subProcess | cancelRemainingInstances:bool ordering:Parallel/Sequential | completionCondition?
callActivity < activity | calledElement~callable |
loop < base
standardLoopCharacteristics < loop | testBefore:bool loopMaximum:int | loopCondition?
multiInstanceLoopCharacteristics < loop
    | isSequential:bool behavior:None/One/All/Complex oneBehaviorEventRef>eventDefinition
      noneBehaviorEventRef>eventDefinition
    | loopCardinality? loopDataInputRef>itemAware? loopDataOutputRef>itemAware? inputDataItem? outputDataItem?
      complexBehaviorDefinition* completionCondition?
complexBehaviorDefinition < base | | condition event?
ioSpecification < base | | dataInput* dataOutput* inputSet+ outputSet+
dataInput < base,itemAware | name itemSubjectRef>itemDefinition isCollection:bool | dataState?
dataOutput < base,itemAware | name itemSubjectRef>itemDefinition isCollection:bool | dataState?
inputDataItem < dataInput
outputDataItem < dataOutput
inputSet < base | name
    | dataInputRefs>dataInput* optionalInputRefs>dataInput* whileExecutingInputRefs>dataInput* outputSetRefs>outputSet*
outputSet < base | name
    | dataOutputRefs>dataOutput* optionalOutputRefs>dataOutput* whileExecutingOutputRefs>dataOutput*
      inputSetRefs>inputSet*
dataAssociation < base | | sourceRef>itemAware* targetRef>itemAware transformation? assignment*
dataInputAssociation < dataAssociation
dataOutputAssociation < dataAssociation
assignment < base | | from to
ioBinding < base | !operationRef>operation !inputDataRef>dataInput,inputSet !outputDataRef>dataOutput,outputSet |
property < base,itemAware | name itemSubjectRef>itemDefinition | dataState?
dataState < base | name |
auditing < base
monitoring < base
rendering < base
resourceRole < base | name | resourceRef~resource? resourceParameterBinding* resourceAssignmentExpression?
performer < resourceRole
humanPerformer < performer
potentialOwner < humanPerformer
resourceParameterBinding < base | !parameterRef>resourceParameter | @expression
resourceAssignmentExpression < base | | @expression
expression < base | language evaluatesToTypeRef | *
formalExpression < expression
"""
